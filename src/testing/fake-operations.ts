// SPDX-License-Identifier: Apache-2.0
import { createRouterTransport, type Interceptor, type Transport } from "@connectrpc/connect";
import { type CallRecord, createCallRecord, openCallKey } from "../emulator/record.js";
import { addRoutes } from "../emulator/routes.js";
import type { SimulatedServer } from "../emulator/simulated-server.js";
import { createSimulation, IN_MEMORY, type Simulation } from "../emulator/simulation.js";
import { selectorOf } from "../names/method-name.js";
import type { FakeClock } from "./fake-clock.js";
import { type FakeOperationsOptions, fakeSettings } from "./fake-options.js";

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
    serve: (service, implementation) => {
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
