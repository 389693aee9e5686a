// SPDX-License-Identifier: Apache-2.0
import type { Interceptor } from "@connectrpc/connect";
import type { Observer } from "../observer/observer.js";
import { createCalls } from "./calls.js";
import { endAttributes } from "./conventions.js";
import { createInterceptor } from "./interceptor.js";
import { type OpenTelemetryOptions, resolveTelemetry } from "./options.js";
import { createWaits } from "./waits.js";

/** What {@link openTelemetry} gives: one part for clients, one for transports. */
export interface Telemetry {
  /** For `observer` of a client: spans of calls, attempts and waits, and all metrics. */
  readonly observer: Observer;
  /**
   * For `interceptors` of a transport, of this library or of Connect: the trace's context in each request, the server in each
   * span, and a span for each call that no observed client makes, streams included.
   */
  readonly interceptor: Interceptor;
}

/**
 * Spans and metrics by the stable RPC conventions of OpenTelemetry (semantic conventions 1.45), for clients and transports.
 * No span, event or metric has a payload, a header, a server's words or a token; operation names only by an option.
 *
 * One pair of observer and interceptor serves any number of clients. `@opentelemetry/api` must be installed; what it is
 * connected to is the program's choice, and without an SDK nothing is recorded.
 *
 * @throws TypeError for an option that is unknown or cannot be used
 */
export function openTelemetry(options: OpenTelemetryOptions = {}): Telemetry {
  const settings = resolveTelemetry(options);
  const waits = createWaits(settings);
  const calls = createCalls(settings, waits);
  return {
    observer: {
      onWait: waits.onWait,
      onPoll: waits.onPoll,
      onState: waits.onState,
      onCall: calls.onCall,
      onAttempt: calls.onAttempt,
      onTransientError: ({ error }) => settings.instruments.transientErrors.add(1, endAttributes(error)),
    },
    interceptor: createInterceptor(settings, calls),
  };
}
