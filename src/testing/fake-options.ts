// SPDX-License-Identifier: Apache-2.0
import type { Registry } from "@bufbuild/protobuf";
import type { Fault } from "../emulator/faults/fault.js";
import type { ReportRuns } from "../emulator/operations/report-service.js";
import { checkCount, checkMs, checkOptions } from "../emulator/option-check.js";
import { createFakeClock, type FakeClock } from "./fake-clock.js";

/** Options of `createFakeOperations`: those of `startEmulator` that have to do with neither network nor files. */
export interface FakeOperationsOptions {
  /** The time that operations live in. @default a new one */
  readonly clock?: FakeClock | undefined;
  /** How the runs that `RunReport` starts behave. @default 10 seconds, then a response; cancel works */
  readonly reportRuns?: ReportRuns | undefined;
  /** Types in your scripts that a filter of `ListOperations` looks into. @default none */
  readonly registry?: Registry | undefined;
  /** What goes wrong, from the start. @default nothing */
  readonly faults?: readonly Fault[] | undefined;
  /** Where the faults' randomness starts. @default 1 */
  readonly seed?: number | undefined;
  /**
   * Operations kept, the deleted ones apart. Beyond (by a hundredth, to be exact) the oldest finished ones are
   * forgotten; running ones never.
   *
   * @default 100_000
   */
  readonly maxOperations?: number | undefined;
  /** Calls kept in `calls`, the latest ones. @default 1_000 */
  readonly maxCalls?: number | undefined;
  /** The longest that `WaitOperation` waits, in milliseconds. @default 60_000 */
  readonly longestWaitMs?: number | undefined;
}

/** The options with every default filled in; one has none. */
export type FakeSettings = {
  readonly [K in Exclude<keyof FakeOperationsOptions, "registry">]-?: Exclude<
    FakeOperationsOptions[K],
    undefined
  >;
} & { readonly registry: Registry | undefined };

/** Fills in the defaults. A bad or unknown option is a `TypeError` that names it. */
export function fakeSettings(options: FakeOperationsOptions): FakeSettings {
  const settings: FakeSettings = {
    clock: options.clock ?? createFakeClock(),
    reportRuns: options.reportRuns ?? {},
    registry: options.registry,
    faults: options.faults ?? [],
    seed: options.seed ?? 1,
    maxOperations: checkCount("maxOperations", options.maxOperations ?? 100_000),
    maxCalls: checkCount("maxCalls", options.maxCalls ?? 1_000),
    longestWaitMs: checkMs("longestWaitMs", options.longestWaitMs ?? 60_000),
  };
  checkOptions("the fake", options, new Set(Object.keys(settings)));
  return settings;
}
