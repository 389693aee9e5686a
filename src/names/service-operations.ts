// SPDX-License-Identifier: Apache-2.0
import type { DescMessage, DescService } from "@bufbuild/protobuf";

/** The types of a method that starts an operation, as its `google.longrunning.operation_info` names them. */
export interface OperationMethodTypes<
  R extends DescMessage = DescMessage,
  M extends DescMessage = DescMessage,
> {
  /** The type of the operation's response. */
  readonly response: R;
  /** The type of the operation's metadata. */
  readonly metadata: M;
  /** The JavaScript name of the request's id field (AIP-155). @default none */
  readonly requestIdField?: string | undefined;
}

/**
 * A service, and the types of its methods that start an operation. `protoc-gen-longrunning` writes one for each service;
 * `serve` of an emulator or a fake takes it.
 */
export interface ServiceOperations<
  S extends DescService = DescService,
  T extends Readonly<Record<string, OperationMethodTypes>> = Readonly<Record<string, OperationMethodTypes>>,
> {
  /** The service, as protoc-gen-es describes it. */
  readonly service: S;
  /** By the method's name in JavaScript. */
  readonly methods: T;
}
