// SPDX-License-Identifier: Apache-2.0
import type { DescService } from "@bufbuild/protobuf";
import type { ServiceImpl } from "@connectrpc/connect";
import type { ServiceOperations } from "../names/service-operations.js";
import type { EmulatorOperations } from "./emulator-operations.js";
import type { Faults } from "./faults/faults.js";
import type { RecordedCall } from "./record.js";
import type { ServiceOperationsImpl } from "./service-operations.js";

/** A server of operations as a test uses it, whether behind a socket or in the same process. */
export interface SimulatedServer {
  /** Starts operations, and shows details that clients do not see. */
  readonly operations: EmulatorOperations;
  /**
   * The calls received so far, the latest `maxCalls` of them, the oldest first. A snapshot: read it again for later ones.
   */
  readonly calls: readonly RecordedCall[];
  /** The faults that it injects. */
  readonly faults: Faults;
  /**
   * Adds a service, served over every protocol; over REST by its `google.api.http` annotations and the `httpRules`.
   * Missing methods are `UNIMPLEMENTED`. Replaces a service of the same name.
   *
   * To return an operation, start it and get it: `operations.get(operations.start({ … }))`. For a service with types that
   * `protoc-gen-longrunning` wrote, methods return the plain response, or the course that leads to it.
   *
   * @throws HttpRuleError for an invalid rule, if the server supports REST
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
