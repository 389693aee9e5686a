// SPDX-License-Identifier: Apache-2.0
import type { DescMessage, MessageInitShape, MessageShape } from "@bufbuild/protobuf";
import type { AnySchema } from "@bufbuild/protobuf/wkt";
import type { Client } from "@connectrpc/connect";
import type { Operation, Operations } from "../../gen/google/longrunning/operations_pb.js";
import type { CancelOperationsOptions, CancelReport } from "./bulk/cancel-report.js";
import type { OperationNames } from "./bulk/name-source.js";
import type { WaitOperationsOptions, WaitReport } from "./bulk/wait-operations.js";
import type { OperationCallOptions } from "./call-options.js";
import type { CancelAndWaitOptions } from "./cancel/cancel-and-wait.js";
import type { HandleOptions, OperationHandle } from "./operation-handle.js";
import type { OperationJson } from "./operation-json.js";
import type { ListOperationsOptions, OperationList } from "./operation-list.js";
import type { Outcome } from "./snapshot.js";
import type { StartMethod, StartOptions } from "./start-operation.js";

/** A `google.protobuf.Any`, where no type was asked for. */
type Untyped = typeof AnySchema;

/** Options of `waitOperation`. */
export interface WaitOperationOptions extends OperationCallOptions {
  /** How long the server is asked to wait, in milliseconds. @default the server's own limit */
  readonly serverWaitMs?: number | undefined;
}

/** The client. Every call that fails throws a `CallError`; what becomes of an operation is a value. */
export interface OperationsClient {
  /**
   * Requests cancellation. Resolves once the server accepts the request; poll the operation to learn how it ended.
   */
  cancelOperation(name: string, options?: OperationCallOptions): Promise<void>;
  /** Polls an operation once. */
  getOperation(name: string, options?: OperationCallOptions): Promise<Operation>;
  /** Deletes the operation's record on the server. Does not cancel it. */
  deleteOperation(name: string, options?: OperationCallOptions): Promise<void>;
  /**
   * Lets the server respond when the operation has ended, or after a time with how far it is. Few servers have this
   * method: a handle's `wait()` works with all.
   */
  waitOperation(name: string, options?: WaitOperationOptions): Promise<Operation>;
  /** The operations of a parent, page by page as they are read. */
  listOperations(options?: ListOperationsOptions): OperationList;
  /** Requests cancellation, then polls until the operation has ended, and returns how. */
  cancelAndWait<R extends DescMessage = Untyped, M extends DescMessage = Untyped>(
    name: string,
    options?: CancelAndWaitOptions & HandleOptions<R, M>,
  ): Promise<Outcome<MessageShape<R>, MessageShape<M>>>;
  /**
   * Requests cancellation of many: any iterable of names, however long, or all operations of a list that are not done. One
   * report for each name, in the order in which they are known; an error is a report like the others. Nothing is sent
   * before the first report is read.
   */
  cancelOperations(names: OperationNames, options?: CancelOperationsOptions): AsyncIterable<CancelReport>;
  /**
   * Waits for many: names like those of `cancelOperations`. One report for each name, as it ends; an error is a report like
   * the others. Nothing is sent before the first report is read.
   */
  waitOperations(names: OperationNames, options?: WaitOperationsOptions): AsyncIterable<WaitReport>;
  /**
   * Calls a method that starts an operation, and gives the operation's handle. It is sent once, unless the method or
   * `idempotent` says that it may be repeated.
   */
  startOperation<
    I extends DescMessage,
    R extends DescMessage = DescMessage,
    M extends DescMessage = DescMessage,
  >(
    method: StartMethod<I>,
    request: MessageInitShape<I>,
    options?: StartOptions<R, M>,
  ): Promise<OperationHandle<MessageShape<R>, MessageShape<M>>>;
  /** The handle of an operation whose name is known. Nothing is sent. */
  operation<R extends DescMessage = Untyped, M extends DescMessage = Untyped>(
    name: string,
    options?: HandleOptions<R, M>,
  ): OperationHandle<MessageShape<R>, MessageShape<M>>;
  /** The handle that a handle's `toJSON()` saved. One that had ended answers without a call. */
  fromJSON<R extends DescMessage = Untyped, M extends DescMessage = Untyped>(
    json: OperationJson,
    options?: HandleOptions<R, M>,
  ): OperationHandle<MessageShape<R>, MessageShape<M>>;
  /** The plain Connect client over the transport as it is: no check of names, no retries, no default timeout. */
  readonly raw: Client<typeof Operations>;
}
