// SPDX-License-Identifier: Apache-2.0
import type { Registry } from "@bufbuild/protobuf";
import type { HttpRuleJson } from "../http-rule/rule-json.js";
import { type Clock, systemClock } from "../time/clock.js";
import type { Fault } from "./faults/fault.js";
import type { ReportRuns } from "./operations/report-service.js";
import { checkCount, checkMs, checkOptions } from "./option-check.js";
import type { TlsOptions } from "./server/http-servers.js";

/** Options of `startEmulator`. */
export interface EmulatorOptions {
  /** The port; 0 takes a free one. @default 0 */
  readonly port?: number | undefined;
  /** The address to listen on. @default "127.0.0.1" */
  readonly host?: string | undefined;
  /** Certificate and key; HTTP/1.1 and HTTP/2 are then told apart by ALPN. @default cleartext */
  readonly tls?: TlsOptions | undefined;
  /** The time that operations live in. @default the machine's */
  readonly clock?: Clock | undefined;
  /** How the runs that `RunReport` starts behave. @default 10 seconds, then a response; cancel works */
  readonly reportRuns?: ReportRuns | undefined;
  /**
   * More REST names, in the shape of a service configuration's `http.rules`. They add to the ones that are
   * always there: each service's `google.api.http` annotations, Ad Manager's names of report runs, and `POST
   * /v1/operations/**:wait`.
   */
  readonly httpRules?: readonly HttpRuleJson[] | undefined;
  /**
   * Types of the responses, metadata and error details in your scripts, which JSON cannot be written without.
   */
  readonly registry?: Registry | undefined;
  /** What goes wrong, from the start. @default nothing */
  readonly faults?: readonly Fault[] | undefined;
  /** Where the faults' randomness starts. @default 1 */
  readonly seed?: number | undefined;
  /** A file to keep the operations in, so that they survive a restart or a kill. @default memory only */
  readonly state?: string | undefined;
  /**
   * Operations kept, the deleted ones apart. Beyond (by a hundredth, to be exact) the oldest finished ones are
   * forgotten, as servers do after some days; running ones never.
   *
   * @default 100_000
   */
  readonly maxOperations?: number | undefined;
  /** Calls kept in `calls`, the latest ones. @default 1_000 */
  readonly maxCalls?: number | undefined;
  /** The largest request body or message. Above: HTTP 413, or `RESOURCE_EXHAUSTED`. @default 4 MiB */
  readonly maxRequestBytes?: number | undefined;
  /** The largest request head. Above: HTTP 431. @default 16 KiB */
  readonly maxHeaderBytes?: number | undefined;
  /** The longest that `WaitOperation` waits. @default 60_000 */
  readonly longestWaitMs?: number | undefined;
  /** How long `close` lets calls in flight go on. @default 1_000 */
  readonly closeGraceMs?: number | undefined;
}

type Optional = "tls" | "registry" | "state";

/** The options with every default filled in; three have none. */
export type EmulatorSettings = {
  readonly [K in Exclude<keyof EmulatorOptions, Optional>]-?: Exclude<EmulatorOptions[K], undefined>;
} & { readonly [K in Optional]: EmulatorOptions[K] };

/** Fills in the defaults. A bad or unknown option is a `TypeError` that names it. */
export function emulatorSettings(options: EmulatorOptions): EmulatorSettings {
  const settings: EmulatorSettings = {
    port: options.port ?? 0,
    host: options.host ?? "127.0.0.1",
    tls: options.tls,
    clock: options.clock ?? systemClock,
    reportRuns: options.reportRuns ?? {},
    httpRules: options.httpRules ?? [],
    registry: options.registry,
    faults: options.faults ?? [],
    seed: options.seed ?? 1,
    state: options.state,
    maxOperations: checkCount("maxOperations", options.maxOperations ?? 100_000),
    maxCalls: checkCount("maxCalls", options.maxCalls ?? 1_000),
    maxRequestBytes: checkCount("maxRequestBytes", options.maxRequestBytes ?? 4 * 1024 * 1024),
    maxHeaderBytes: checkCount("maxHeaderBytes", options.maxHeaderBytes ?? 16 * 1024),
    longestWaitMs: checkMs("longestWaitMs", options.longestWaitMs ?? 60_000),
    closeGraceMs: checkMs("closeGraceMs", options.closeGraceMs ?? 1_000),
  };
  checkOptions("the emulator", options, new Set(Object.keys(settings)));
  return settings;
}
