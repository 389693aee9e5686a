// SPDX-License-Identifier: Apache-2.0
import { setMaxListeners } from "node:events";
import type { Socket } from "node:net";
import type { DescService } from "@bufbuild/protobuf";
import { selectorOf } from "../names/method-name.js";
import type { ServiceOperations } from "../names/service-operations.js";
import { type AdvancingClock, createAdvancingClock } from "./advancing-clock.js";
import { createControl } from "./control/control.js";
import { createControlHandler } from "./control/handler.js";
import type { EmulatorOperations } from "./emulator-operations.js";
import type { OperationScript } from "./operations/script.js";
import { type EmulatorOptions, type EmulatorSettings, emulatorSettings } from "./options.js";
import { PAGE_HANDLER } from "./page/handler.js";
import { createCallRecord } from "./record.js";
import { parseMethodScript, startsOperation } from "./script/method-script.js";
import { scriptRegistry } from "./script/script.js";
import { createResetSocket } from "./server/connection.js";
import { createGrpcHandler } from "./server/grpc/handler.js";
import { listen } from "./server/listen.js";
import { createRequestHandler } from "./server/request-handler.js";
import { createRestHandler } from "./server/rest/handler.js";
import { restRules } from "./server/rest/http-rules.js";
import { createRpcHandler } from "./server/rpc/handler.js";
import type { SimulatedServer } from "./simulated-server.js";
import { createSimulation, IN_MEMORY, type Persistence, type Simulation } from "./simulation.js";
import { openStateFile } from "./state/state-file.js";

/** A running server of operations. */
export interface Emulator extends SimulatedServer, AsyncDisposable {
  /** `http://127.0.0.1:{port}`, or `https:` with `tls`: for every protocol. */
  readonly baseUrl: string;
  /** The port that it listens on, also when option `port` was 0. */
  readonly port: number;
  /** With `tls.selfSigned`: the authority to trust, in PEM. */
  readonly ca: string | undefined;
  /**
   * Stops the server: waits up to `closeGraceMs` for calls in flight, then closes every socket and timer. Rejects if the
   * state file cannot be written.
   */
  close(): Promise<void>;
}

/**
 * Starts a server of `google.longrunning.Operations`, and of Ad Manager's `ReportService.RunReport`, on one
 * port of this machine. Detects gRPC, gRPC-Web, Connect and REST by itself.
 *
 * @throws TypeError for an invalid or unknown option; HttpRuleError; the system's error if the port is not available
 */
export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  const given = emulatorSettings(options);
  const settings = { ...given, clock: createAdvancingClock(given.clock) };
  const { state } = settings;
  let simulation: Simulation; // set before anything changes
  const persistence = state === undefined ? IN_MEMORY : openStateFile(state, () => simulation.data());
  try {
    simulation = createSimulation(settings, persistence);
    return await serve(settings, simulation, persistence);
  } catch (error) {
    persistence.close();
    throw error;
  }
}

type RunningSettings = EmulatorSettings & { readonly clock: AdvancingClock };

async function serve(
  settings: RunningSettings,
  simulation: Simulation,
  persistence: Persistence,
): Promise<Emulator> {
  serveDescribed(simulation, settings);
  for (const script of settings.script.operations) startUnlessThere(simulation.operations, script);
  persistence.changed(); // reports a file that cannot be written at once
  await persistence.saved();

  const cut = new AbortController();
  setMaxListeners(Number.POSITIVE_INFINITY, cut.signal); // one for each call in flight
  const { clock } = settings;
  const record = createCallRecord({
    maxCalls: settings.maxCalls,
    maxBytes: settings.maxRecordBytes,
    now: () => clock.now(),
  });
  const { operations, faults, store } = simulation;
  const control = createControl({ store, operations, faults, record, clock, registry: simulation.registry });
  const handlers = () => {
    const services = simulation.services();
    const rules = restRules(services, settings.httpRules);
    const registry = simulation.registry();
    const serving = { ...settings, services, rules, registry, record, closing: cut.signal };
    return {
      grpc: createGrpcHandler(serving),
      rpc: createRpcHandler(serving),
      rest: createRestHandler(serving),
    };
  };
  let current = handlers();
  const sockets = new Set<Socket>();
  const resetSocket = createResetSocket(sockets);
  const requestHandler = createRequestHandler({
    record,
    resetSocket,
    access: settings,
    own: [PAGE_HANDLER, createControlHandler({ ...settings, control })],
    handlers: () => current,
  });
  const listening = await listen({ ...settings, ...requestHandler, sockets });

  const stop = async () => {
    simulation.endWaits();
    try {
      await listening.close(settings.closeGraceMs, () => cut.abort());
      await persistence.saved();
    } finally {
      persistence.close();
    }
  };
  let stopped: Promise<void> | undefined;
  const close = () => {
    stopped ??= stop();
    return stopped;
  };
  return {
    baseUrl: baseUrlOf(settings, listening.port),
    port: listening.port,
    ca: settings.ca,
    operations: simulation.operations,
    get calls() {
      return record.calls();
    },
    faults: simulation.faults,
    serve: (service: DescService | ServiceOperations, implementation: object) => {
      simulation.serve(service, implementation);
      current = handlers();
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** Serves the services of the descriptor sets: methods of the script start operations, the others are `UNIMPLEMENTED`. */
function serveDescribed(simulation: Simulation, settings: EmulatorSettings): void {
  const { script, services } = settings;
  const registry = scriptRegistry(settings.registry);
  const { operations } = simulation;
  const served = new Set<string>();
  const builtIn = new Set(simulation.services().map(({ service }) => service.typeName));
  for (const service of services) {
    if (builtIn.has(service.typeName)) continue; // most sets import google.longrunning.Operations
    const implementation: Record<string, unknown> = {};
    for (const method of service.methods) {
      const selector = selectorOf(method);
      const entry = script.methods.get(selector);
      if (entry === undefined) continue;
      served.add(selector);
      const where = `methods: ${selector}`;
      const parsed = parseMethodScript(entry, { where, method, registry });
      implementation[method.localName] = startsOperation(operations, () => parsed);
    }
    simulation.serve(service, implementation);
  }
  const unknown = [...script.methods.keys()].find((selector) => !served.has(selector));
  if (unknown !== undefined) {
    throw new TypeError(`methods: ${unknown} is in none of the descriptor sets`);
  }
}

/** The state file may already contain the script's operations, from an earlier run. */
function startUnlessThere(operations: EmulatorOperations, script: OperationScript): void {
  const name = `${script.parent ?? "operations"}/${script.id}`;
  if (script.id === undefined || operations.find(name) === undefined) operations.start(script);
}

/** A URL for clients on this machine: a wildcard address is valid for listening but not for calls. */
function baseUrlOf(settings: EmulatorSettings, port: number): string {
  const { tls } = settings;
  const host = ANY_ADDRESS.get(settings.host) ?? settings.host;
  return `${tls === undefined ? "http" : "https"}://${host.includes(":") ? `[${host}]` : host}:${port}`;
}

const ANY_ADDRESS: ReadonlyMap<string, string> = new Map([
  ["0.0.0.0", "127.0.0.1"],
  ["::", "::1"],
]);
