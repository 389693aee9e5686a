// SPDX-License-Identifier: Apache-2.0
import type { DescMessage, MessageShape } from "@bufbuild/protobuf";
import type { Client } from "@connectrpc/connect";
import type { Operation, Operations } from "../../gen/google/longrunning/operations_pb.js";
import type { CancelOperationsOptions, CancelReport } from "./bulk/cancel-operations.js";
import type { OperationNames } from "./bulk/name-source.js";
import type { WaitOperationsOptions, WaitReport } from "./bulk/wait-operations.js";
import { createInvoke, type Invoke } from "./call.js";
import type { OperationCallOptions, WaitOperationOptions } from "./call-options.js";
import type { CancelAndWaitOptions } from "./cancel-and-wait.js";
import { type ClientSettings, type OperationsClientOptions, resolveClientOptions } from "./client-options.js";
import { createHandle, type OperationHandle } from "./handle.js";
import {
  cancelAndWait,
  cancelOperation,
  cancelOperations,
  deleteOperation,
  getOperation,
  listOperations,
  operation,
  waitOperation,
  waitOperations,
} from "./methods.js";
import { createCallSettings } from "./operation-calls.js";
import { fromOperationJson, type OperationJson } from "./operation-json.js";
import type { ListOperationsOptions, OperationList } from "./operation-list.js";
import { createHandleContext, HANDLE_CHECKS, type HandleOptions } from "./operation-loop.js";
import type { Untyped } from "./operation-types.js";
import { checkOptions } from "./option-checks.js";
import type { OperationChange } from "./polling/known-operations.js";
import { createPollBudget } from "./polling/poll-budget.js";
import type { WatchOperationsOptions } from "./polling/poll-parent.js";
import { createRawClient } from "./raw-client.js";
import type { Outcome } from "./snapshot.js";
import { createStartOperation, type StartOperation } from "./start-operation.js";
import { watchOperations } from "./watch-operations.js";

/** The client. Every call that fails throws a `CallError`; how an operation ends is a value. */
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
   * Waits on the server: it responds when the operation has ended, or after a time with the operation as it is then. Few
   * servers have this method; a handle's `wait()` works with all.
   */
  waitOperation(name: string, options?: WaitOperationOptions): Promise<Operation>;
  /** The operations of a parent, page by page as they are read. */
  listOperations(options?: ListOperationsOptions): OperationList;
  /** Requests cancellation, then polls until the operation has ended, and returns the outcome. */
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
   *
   * While ten or more names of one parent are waited for, one ListOperations of the parent polls them together, as long as it
   * shows them on fewer pages than they are. Those that it does not show are polled by GetOperation, as are all once a List
   * has not paid, or where the API has none; a call that was in vain is made up for by a GetOperation less.
   */
  waitOperations(names: OperationNames, options?: WaitOperationsOptions): AsyncIterable<WaitReport>;
  /**
   * Watches all operations of a parent, those that begin later included, by one ListOperations a page in place of one
   * GetOperation an operation. The first poll gives each operation as `added`, or `ended`; later ones give what is new. An
   * operation that a List does not show (a filter that leaves out what has ended, a List that lags behind) is polled by
   * GetOperation: only a poll that shows its end makes it `ended`.
   *
   * The next poll begins once the reader has taken all changes, and after the pause of `polling`. The watch has no end of its
   * own: leave the loop, or abort `signal`. It continues after errors as `wait` does.
   *
   * @throws CallError for an error that polling cannot mend, such as `Unimplemented` where the API has no ListOperations
   */
  watchOperations<R extends DescMessage = Untyped, M extends DescMessage = Untyped>(
    options?: WatchOperationsOptions<R, M>,
  ): AsyncIterableIterator<OperationChange<MessageShape<R>, MessageShape<M>>>;
  /** Calls a method that starts an operation, and returns the operation's handle. */
  readonly startOperation: StartOperation;
  /** The handle of an operation whose name is known. Nothing is sent. */
  operation<R extends DescMessage = Untyped, M extends DescMessage = Untyped>(
    name: string,
    options?: HandleOptions<R, M>,
  ): OperationHandle<MessageShape<R>, MessageShape<M>>;
  /** The handle that a handle's `toJSON()` saved. One that had ended needs no call. */
  fromJSON<R extends DescMessage = Untyped, M extends DescMessage = Untyped>(
    json: OperationJson,
    options?: HandleOptions<R, M>,
  ): OperationHandle<MessageShape<R>, MessageShape<M>>;
  /** The plain Connect client over the transport as it is: no check of names, no retries, no default timeout. */
  readonly raw: Client<typeof Operations>;
}

/**
 * Creates a client for the operations of one API.
 *
 * @throws TypeError for an option that is unknown or cannot be used.
 */
export function createOperationsClient(options: OperationsClientOptions): OperationsClient {
  const settings = resolveClientOptions(options);
  return createClientWith(settings, createInvoke(settings));
}

/** Creates the client from options that are resolved already. */
export function createClientWith(settings: ClientSettings, invoke: Invoke): OperationsClient {
  const calls = createCallSettings(invoke, settings.transport);
  const budget = createPollBudget(settings.polling.maxRequestsPerMinute, settings.clock);
  const context = createHandleContext(settings, calls, budget);
  return {
    cancelOperation: (...call) => cancelOperation(calls, ...call),
    getOperation: (...call) => getOperation(calls, ...call),
    deleteOperation: (...call) => deleteOperation(calls, ...call),
    waitOperation: (...call) => waitOperation(calls, ...call),
    listOperations: (options) => listOperations(context, options),
    cancelAndWait: (name, options) => cancelAndWait(context, name, options),
    cancelOperations: (...call) => cancelOperations(context, ...call),
    waitOperations: (...call) => waitOperations(context, ...call),
    watchOperations: (options = {}) => watchOperations(context, options),
    startOperation: createStartOperation(context, invoke),
    operation: (name, options) => operation(context, name, options),
    fromJSON: (json, options = {}) => {
      checkOptions("fromJSON", options, HANDLE_CHECKS);
      const saved = fromOperationJson(json);
      return createHandle(context, saved.name, options, { operation: saved.operation, fresh: false });
    },
    raw: createRawClient(settings.transport),
  };
}
