// SPDX-License-Identifier: Apache-2.0
import type { DescMessage } from "@bufbuild/protobuf";
import type { OperationCallOptions } from "./call-options.js";
import type { CancelAndWaitOptions } from "./cancel/cancel-and-wait.js";
import type { OperationJson } from "./operation-json.js";
import type { OperationTypes } from "./operation-types.js";
import type { PollingOptions } from "./polling/polling-options.js";
import type { WaitOptions } from "./polling/subscribe.js";
import type { Outcome, Snapshot } from "./snapshot.js";

/**
 * One operation, from wherever its name came. Making a handle sends nothing, and a handle is not a promise. Iterating over
 * it is `watch()` without options: `for await (const snapshot of handle)`.
 */
export interface OperationHandle<R, M> extends AsyncIterable<Snapshot<R, M>> {
  readonly name: string;
  /** Polls once. What has ended is not polled again. */
  poll(options?: OperationCallOptions): Promise<Snapshot<R, M>>;
  /**
   * The snapshots of the operation as they change, the last one terminal. What is known already comes first. Leaving
   * the loop stops the polling; a slow reader gets the latest.
   */
  watch(options?: WaitOptions): AsyncIterableIterator<Snapshot<R, M>>;
  /**
   * Polls until the operation has ended, and returns how. All who wait on a handle share the polls; each has a signal and
   * a time of its own. Waiting again after the end returns at once.
   *
   * @throws WaitTimeoutError when the time is up; CallError when it is aborted or a poll fails for good.
   */
  wait(options?: WaitOptions): Promise<Outcome<R, M>>;
  /**
   * Waits for the response; undefined for an operation that ended well without one.
   *
   * @throws OperationError when the operation ended failed or cancelled, and what `wait` throws.
   */
  result(options?: WaitOptions): Promise<R | undefined>;
  /** Requests cancellation. Resolves once the server accepts the request; those who wait go on, and poll immediately. */
  cancel(options?: OperationCallOptions): Promise<void>;
  /** Requests cancellation, then polls until the operation has ended, and returns how. */
  cancelAndWait(options?: CancelAndWaitOptions): Promise<Outcome<R, M>>;
  /** Deletes the operation's record on the server. Does not cancel it. */
  delete(options?: OperationCallOptions): Promise<void>;
  /** Name and last snapshot, to go on in another process with `fromJSON`. */
  toJSON(): OperationJson;
}

/** Options of `operation`. */
export interface HandleOptions<R extends DescMessage, M extends DescMessage> extends OperationTypes<R, M> {
  /** What differs from the client's polling for this operation. @default {} */
  readonly polling?: PollingOptions | undefined;
}
