// SPDX-License-Identifier: Apache-2.0
import type { DescService, Registry } from "@bufbuild/protobuf";
import { createRouterTransport, type Interceptor, type Transport } from "@connectrpc/connect";
import type { Fault } from "../emulator/faults/fault.js";
import { checkRows, type ReportRowsScript } from "../emulator/operations/report-rows.js";
import type { ReportRuns } from "../emulator/operations/report-service.js";
import { checkReports, type ReportScript } from "../emulator/operations/saved-reports.js";
import { checkArray, checkCount, checkMs, checkSeed } from "../emulator/option-check.js";
import { type CallRecord, createCallRecord, openCallKey } from "../emulator/record.js";
import { addRoutes } from "../emulator/routes.js";
import type { SimulatedServer } from "../emulator/simulated-server.js";
import { createSimulation, IN_MEMORY, type Simulation } from "../emulator/simulation.js";
import { checkClock, registryOption, rejectUnknownKeys } from "../errors/options.js";
import { selectorOf } from "../names/method-name.js";
import type { ServiceOperations } from "../names/service-operations.js";
import { createFakeClock, type FakeClock } from "./fake-clock.js";

/** Options of `createFakeOperations`: those of `startEmulator` that have to do with neither network nor files. */
export interface FakeOperationsOptions {
  /** The time that operations live in. @default a new one */
  readonly clock?: FakeClock | undefined;
  /** How the runs that `RunReport` starts behave. @default 10 seconds, then a response; cancel works */
  readonly reportRuns?: ReportRuns | undefined;
  /**
   * The rows of every result that a run has made: rows, or the number of rows to generate; any other result is `NOT_FOUND`.
   * A function gives the rows of a result by its name, whether a run has made it or not.
   *
   * @default 10, with a value of every kind
   */
  readonly reportRows?: ReportRowsScript | undefined;
  /** Saved reports, as in `startEmulator`. @default a report of every name, with the columns of the generated rows */
  readonly reports?: readonly ReportScript[] | undefined;
  /** Types in your scripts whose fields a filter of `ListOperations` may name. @default none */
  readonly registry?: Registry | undefined;
  /** What goes wrong, from the start. @default nothing */
  readonly faults?: readonly Fault[] | undefined;
  /** Where the faults' randomness starts. @default 1 */
  readonly seed?: number | undefined;
  /**
   * Maximum number of operations, not counting deleted ones. At 101% of it, the oldest finished ones are removed, as
   * servers do after some days; running ones never.
   *
   * @default 100_000
   */
  readonly maxOperations?: number | undefined;
  /** Calls kept in `calls`, the latest ones. @default 1_000 */
  readonly maxCalls?: number | undefined;
  /** How long `WaitOperation` waits at most, in milliseconds. @default 60_000 */
  readonly maxWaitMs?: number | undefined;
}

const OWNER = "createFakeOperations";
const OPTION_KEYS = {
  clock: true,
  reportRuns: true,
  reportRows: true,
  reports: true,
  registry: true,
  faults: true,
  seed: true,
  maxOperations: true,
  maxCalls: true,
  maxWaitMs: true,
} satisfies Record<keyof FakeOperationsOptions, true>;

/** The options with every default filled in; one has none. */
type FakeSettings = {
  readonly [K in Exclude<keyof FakeOperationsOptions, "registry">]-?: Exclude<
    FakeOperationsOptions[K],
    undefined
  >;
} & { readonly registry: Registry | undefined };

/** Fills in the defaults. A bad or unknown option is a `TypeError` that names it. */
function fakeSettings(options: FakeOperationsOptions): FakeSettings {
  rejectUnknownKeys(OWNER, options, OPTION_KEYS);
  checkClock(OWNER, options.clock);
  return {
    clock: options.clock ?? createFakeClock(),
    reportRuns: options.reportRuns ?? {},
    reportRows: checkRows(options.reportRows ?? 10),
    reports: checkReports(options.reports ?? []),
    registry: registryOption("registry", options.registry),
    faults: checkArray("faults", options.faults ?? []),
    seed: checkSeed(options.seed ?? 1),
    maxOperations: checkCount("maxOperations", options.maxOperations ?? 100_000),
    maxCalls: checkCount("maxCalls", options.maxCalls ?? 1_000),
    maxWaitMs: checkMs("maxWaitMs", options.maxWaitMs ?? 60_000),
  };
}

/** Operations of a service that is in this process and in a time of its own. */
export interface FakeOperations extends SimulatedServer {
  /** For `createOperationsClient`, `createAdManagerClient` or any client of Connect. */
  readonly transport: Transport;
  /** The time that the operations live in. Give it to the client as well: `clock: fake.clock`. */
  readonly clock: FakeClock;
}

/**
 * Creates a fake of `google.longrunning.Operations` and of Ad Manager's `ReportService.RunReport`: the services,
 * scripts and faults of `startEmulator` without a socket. It does no I/O and sets no timer, so there is nothing to
 * close. Time stands still until `clock.advance`.
 *
 * @throws TypeError for a bad or unknown option
 */
export function createFakeOperations(options: FakeOperationsOptions = {}): FakeOperations {
  const settings = fakeSettings(options);
  const simulation = createSimulation(settings, IN_MEMORY);
  const record = createCallRecord({
    maxCalls: settings.maxCalls,
    maxBytes: Number.POSITIVE_INFINITY,
    now: () => settings.clock.now(),
  });
  let current = transportTo(simulation, record);
  return {
    // What is served may change, while a client holds on to its transport.
    transport: {
      unary: (...call) => current.unary(...call),
      stream: (...call) => current.stream(...call),
    },
    clock: settings.clock,
    operations: simulation.operations,
    get calls() {
      return record.calls();
    },
    faults: simulation.faults,
    serve: (service: DescService | ServiceOperations, implementation: object) => {
      simulation.serve(service, implementation);
      current = transportTo(simulation, record);
    },
  };
}

function transportTo(simulation: Simulation, record: CallRecord): Transport {
  return createRouterTransport((router) => addRoutes(router, simulation.services()), {
    router: { interceptors: [recordedIn(record)] },
  });
}

function recordedIn(record: CallRecord): Interceptor {
  return (next) => (request) => {
    const call = record.open({
      protocol: "in-process",
      method: selectorOf(request.method),
      rawHeaders: [...request.header].flat(),
      verb: "POST",
      target: `/${request.service.typeName}/${request.method.name}`,
      httpVersion: "2.0",
    });
    request.contextValues.set(openCallKey, call);
    return next(request);
  };
}
