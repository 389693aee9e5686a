// SPDX-License-Identifier: Apache-2.0
import type { DescMessage } from "@bufbuild/protobuf";
import type { OperationCallOptions } from "./call-options.js";
import type { CancelAndWaitOptions } from "./cancel/cancel-and-wait.js";
import type { OperationJson } from "./operation-json.js";
import type { OperationTypes } from "./operation-types.js";
import type { PollingOptions } from "./polling/polling-options.js";
import type { WaitOptions } from "./polling/subscribe.js";
import type { Outcome, Snapshot } from "./snapshot.js";

/** One operation, from wherever its name came. Making a handle sends nothing, and a handle is not a promise. */
export interface OperationHandle<R, M> {
  readonly name: string;
  /** Looks once. What has ended is not asked about again. */
  snapshot(options?: OperationCallOptions): Promise<Snapshot<R, M>>;
  /**
   * The snapshots of the operation as they change, the last one terminal. What is known already comes first. Leaving
   * the loop stops the looking; a slow reader gets the latest.
   */
  watch(options?: WaitOptions): AsyncIterableIterator<Snapshot<R, M>>;
  /**
   * Looks until the operation has ended, and gives how. All who wait on a handle share the looks; each has a signal and a
   * time of its own. Waiting again after the end answers at once.
   *
   * @throws WaitTimeoutError when the time is up; CallError when it is aborted or a look fails for good.
   */
  wait(options?: WaitOptions): Promise<Outcome<R, M>>;
  /**
   * Waits for the response; undefined for an operation that ended well without one.
   *
   * @throws OperationError when the operation ended failed or cancelled, and what `wait` throws.
   */
  result(options?: WaitOptions): Promise<R | undefined>;
  /** Asks for the cancel and claims nothing more. Those who wait go on waiting, and look again at once. */
  cancel(options?: OperationCallOptions): Promise<void>;
  /** Asks for the cancel, then looks until the operation has ended, and gives how. */
  cancelAndWait(options?: CancelAndWaitOptions): Promise<Outcome<R, M>>;
  /** Tells the server that the result is of no interest any more. It does not cancel the operation. */
  delete(options?: OperationCallOptions): Promise<void>;
  /** Name and last snapshot, to go on in another process with `fromJSON`. */
  toJSON(): OperationJson;
}

/** Options of `operation`. */
export interface HandleOptions<R extends DescMessage, M extends DescMessage> extends OperationTypes<R, M> {
  /** What differs from the client's polling for this operation. @default {} */
  readonly polling?: PollingOptions | undefined;
}
