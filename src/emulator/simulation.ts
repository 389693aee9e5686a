// SPDX-License-Identifier: Apache-2.0
import { createRegistry, type DescService, type Registry } from "@bufbuild/protobuf";
import type { ServiceImplSpec } from "@connectrpc/connect";
import { ReportService } from "../../gen/google/ads/admanager/v1/report_service_pb.js";
import { OperationSchema, Operations } from "../../gen/google/longrunning/operations_pb.js";
import { checkFunction, checkObject, invalidOption } from "../errors/options.js";
import { encodeJson } from "../json/encode-json.js";
import { registryFor } from "../json/registry.js";
import type { ServiceOperations } from "../names/service-operations.js";
import type { Clock } from "../time/clock.js";
import { createEmulatorOperations, type EmulatorOperations } from "./emulator-operations.js";
import type { Fault } from "./faults/fault.js";
import { createFaults, type Faults } from "./faults/faults.js";
import { createOperationsService } from "./operations/operations-service.js";
import type { ReportRowsScript } from "./operations/report-rows.js";
import { createReportService, type ReportRuns } from "./operations/report-service.js";
import type { ReportScript } from "./operations/saved-reports.js";
import { createStore, type Store, type StoreData } from "./operations/store.js";
import { createToolServices } from "./reflection/tool-services.js";
import { serviceSpec } from "./service.js";
import { implementOperations } from "./service-operations.js";

/** Dependencies of a simulation; there are no defaults. */
export interface SimulationSettings {
  readonly clock: Clock;
  readonly reportRuns: ReportRuns;
  readonly reportRows: ReportRowsScript;
  readonly reports: readonly ReportScript[];
  readonly registry: Registry | undefined;
  readonly faults: readonly Fault[];
  readonly seed: number;
  readonly maxWaitMs: number;
  readonly maxOperations: number;
}

/** Persistent storage of a simulation's operations. */
export interface Persistence {
  readonly loaded: StoreData | undefined;
  changed(): void;
  /** Releases the storage. */
  close(): void;
  /** Resolves once pending changes are written; `undefined` if none are pending. */
  saved(): Promise<void> | undefined;
}

/** No persistent storage. */
export const IN_MEMORY: Persistence = {
  loaded: undefined,
  changed: () => {},
  saved: () => undefined,
  close: () => {},
};

/** `serve` without type parameters; the public one checks the types. */
export type ServeAny = (service: DescService | ServiceOperations, implementation: object) => void;

/** The operations and services of an emulator, without a network. */
export interface Simulation {
  readonly store: Store;
  readonly operations: EmulatorOperations;
  readonly faults: Faults;
  /** All services; each call is recorded and subject to faults. */
  services(): readonly ServiceImplSpec[];
  /** All types in the services' files, and the configured ones. */
  registry(): Registry;
  /** Adds a service, or replaces the one of the same name. */
  readonly serve: ServeAny;
  /** The store's data, to save. */
  data(): StoreData;
  /** Ends every wait with the latest state. */
  endWaits(): void;
}

/** Creates the services of an emulator. Runs anywhere: it does no I/O except through `persistence`. */
export function createSimulation(settings: SimulationSettings, persistence: Persistence): Simulation {
  const { clock, reportRuns, maxWaitMs, maxOperations } = settings;
  let registry = createRegistry();
  const faults = createFaults({ seed: settings.seed, clock, registry: () => registry });
  const store = createStore(clock, {
    from: persistence.loaded,
    onChange: persistence.changed,
    maxOperations,
  });
  const hooks = { faults, saved: persistence.saved };
  const closing = new AbortController();
  const services = new Map<string, ServiceImplSpec>();
  let unreachable: readonly string[] = [];

  const operations = createEmulatorOperations({
    store,
    registry: () => registry,
    setUnreachable: (resources) => {
      unreachable = [...resources];
    },
    saved: persistence.saved,
  });
  const serve: ServeAny = (described, implementation) => {
    checkObject("serve: service", described);
    const service = "kind" in described ? described : described.service;
    checkImplementation(service, implementation);
    const methods =
      "kind" in described ? implementation : implementOperations(described, implementation, operations);
    services.set(service.typeName, serviceSpec(service, methods, hooks));
    registry = registryOf([...services.values()], settings.registry);
  };
  const operationsService = createOperationsService({
    store,
    clock,
    toJson: (operation) => encodeJson(OperationSchema, operation, { registry }),
    unreachable: () => unreachable,
    maxWaitMs,
    closing: closing.signal,
  });
  serve(Operations, operationsService);
  serve(ReportService, createReportService(store, reportRuns, settings));
  for (const fault of settings.faults) faults.add(fault);

  const tools = createToolServices(() => [...services.values()].map(({ service }) => service));
  return {
    store,
    operations,
    faults,
    services: () => [...services.values(), ...tools],
    registry: () => registry,
    serve,
    data: store.data,
    endWaits: () => closing.abort(),
  };
}

/** A misspelt method would be UNIMPLEMENTED when it is called. An object of a class may have others of its own. */
function checkImplementation({ typeName, method }: DescService, implementation: object): void {
  checkObject("serve: implementation", implementation);
  const isPlain = Object.getPrototypeOf(implementation) === Object.prototype;
  for (const name of isPlain ? Object.keys(implementation) : []) {
    if (Object.hasOwn(method, name)) continue;
    throw invalidOption(
      `serve: implementation: ${typeName} has no such method (got ${JSON.stringify(name)}; expected ${Object.keys(method).join(", ")})`,
    );
  }
  for (const name of Object.keys(method))
    checkFunction(`serve: implementation.${name}`, Reflect.get(implementation, name));
}

function registryOf(services: readonly ServiceImplSpec[], more: Registry | undefined): Registry {
  const ofServices = services.flatMap(({ service }) =>
    service.methods.slice(0, 1).map((method) => registryFor(method)),
  );
  return createRegistry(...ofServices, ...(more === undefined ? [] : [more]));
}
