// SPDX-License-Identifier: Apache-2.0

import type { Tracer } from "@opentelemetry/api";
import {
  type MeterProvider,
  metrics,
  propagation,
  type TextMapPropagator,
  type TracerProvider,
  trace,
} from "@opentelemetry/api";
import {
  booleanOption,
  checkClock,
  checkMethods,
  checkNumber,
  rejectUnknownKeys,
} from "../errors/options.js";
import { VERSION } from "../names/version.js";
import { type Clock, systemClock } from "../time/clock.js";
import { SCHEMA_URL } from "./conventions.js";
import { createInstruments, type Instruments } from "./instruments.js";

/** Options of {@link openTelemetry}. */
export interface OpenTelemetryOptions {
  /** Where spans go. @default the global one of `@opentelemetry/api` */
  readonly tracerProvider?: TracerProvider | undefined;
  /** Where metrics go. @default the global one of `@opentelemetry/api` */
  readonly meterProvider?: MeterProvider | undefined;
  /** What writes the trace's context into requests. @default the global one of `@opentelemetry/api` */
  readonly propagator?: Pick<TextMapPropagator, "inject"> | undefined;
  /**
   * Puts the names of operations into spans, as `longrunning.operation.name`. They may be long, and say what a customer
   * does. Metrics never have them. @default false
   */
  readonly operationNames?: boolean | undefined;
  /**
   * After so long, in milliseconds, the span of a wait ends with its next poll, and another one goes on in a new trace, linked
   * to it: so that a wait of hours is seen before it ends, and is no trace of thousands of spans. @default 600_000
   */
  readonly linkAfterMs?: number | undefined;
  /** Where time comes from, for tests. @default the system's clock */
  readonly clock?: Clock | undefined;
}

/** {@link OpenTelemetryOptions}, checked and complete. */
export interface TelemetrySettings {
  readonly tracer: Tracer;
  readonly instruments: Instruments;
  readonly propagator: Pick<TextMapPropagator, "inject">;
  readonly operationNames: boolean;
  readonly linkAfterMs: number;
  readonly clock: Clock;
}

const OWNER = "openTelemetry";
const SCOPE = "longrunning";
const OPTION_KEYS = {
  tracerProvider: true,
  meterProvider: true,
  propagator: true,
  operationNames: true,
  linkAfterMs: true,
  clock: true,
} as const satisfies Record<keyof OpenTelemetryOptions, true>;
const LINK_AFTER_MS = 600_000;

/** Checks the options and puts the defaults in. The global providers may be set later: those of the API pass calls on. */
export function resolveTelemetry(options: OpenTelemetryOptions): TelemetrySettings {
  rejectUnknownKeys(OWNER, options, OPTION_KEYS);
  const { tracerProvider = trace, meterProvider = metrics, propagator = propagation } = options;
  const { linkAfterMs = LINK_AFTER_MS, clock = systemClock } = options;
  checkMethods(`${OWNER}: tracerProvider`, tracerProvider, "getTracer");
  checkMethods(`${OWNER}: meterProvider`, meterProvider, "getMeter");
  checkMethods(`${OWNER}: propagator`, propagator, "inject");
  checkClock(OWNER, clock);
  checkNumber(`${OWNER}: linkAfterMs`, linkAfterMs, { min: 1, max: Number.POSITIVE_INFINITY });
  const scope = { schemaUrl: SCHEMA_URL };
  return {
    tracer: tracerProvider.getTracer(SCOPE, VERSION, scope),
    instruments: createInstruments(meterProvider.getMeter(SCOPE, VERSION, scope)),
    propagator,
    operationNames: booleanOption(`${OWNER}: operationNames`, options.operationNames, false),
    linkAfterMs,
    clock,
  };
}
