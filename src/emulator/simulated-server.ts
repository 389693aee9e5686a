// SPDX-License-Identifier: Apache-2.0
import type { DescService } from "@bufbuild/protobuf";
import type { ServiceImpl } from "@connectrpc/connect";
import type { ServiceOperations } from "../names/service-operations.js";
import type { EmulatorOperations } from "./emulator-operations.js";
import type { Faults } from "./faults/faults.js";
import type { RecordedCall } from "./record.js";
import type { ServiceOperationsImpl } from "./service-operations.js";

/** What a test does with a server of operations, whether it is behind a socket or in the same process. */
export interface SimulatedServer {
  /** Starts operations, and shows more of them than a client sees. */
  readonly operations: EmulatorOperations;
  /**
   * The calls received so far, the latest `maxCalls` of them, the oldest first. A copy: ask again for later ones.
   */
  readonly calls: readonly RecordedCall[];
  /** What goes wrong. */
  readonly faults: Faults;
  /**
   * Serves one more service, over every protocol that there is; over REST by its `google.api.http` annotations and the
   * `httpRules`. Methods left out are `UNIMPLEMENTED`. A service that is served already is replaced.
   *
   * To return an operation, start it and get it: `operations.get(operations.start({ … }))`. For a service with types that
   * `protoc-gen-longrunning` wrote, methods return the plain response, or the course that leads to it.
   *
   * @throws HttpRuleError for a bad rule, where there is REST
   */
  readonly serve: Serve;
}

/** Serves a service, or one with the types of its operations. */
export interface Serve {
  <S extends DescService>(service: S, implementation: Partial<ServiceImpl<S>>): void;
  <S extends DescService, T extends ServiceOperations["methods"]>(
    service: ServiceOperations<S, T>,
    implementation: ServiceOperationsImpl<S, T>,
  ): void;
}
