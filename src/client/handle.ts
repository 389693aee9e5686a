// SPDX-License-Identifier: Apache-2.0
import type { DescMessage, MessageShape } from "@bufbuild/protobuf";
import type { ObservedWait } from "../observer/events.js";
import type { CallContext } from "./call.js";
import { CALL_CHECKS, NO_OPTIONS, type OperationCallOptions } from "./call-options.js";
import { addCallerFrames } from "./caller-frames.js";
import { CANCEL_CHECKS, type CancelAndWaitOptions, cancelAndWait } from "./cancel-and-wait.js";
import { afterAbort, RESULT_CHECKS, type ResultOptions } from "./cancel-on-abort.js";
import type { OperationCalls } from "./operation-calls.js";
import { responseOf } from "./operation-error.js";
import { checkNamed } from "./operation-identity.js";
import { type OperationJson, toOperationJson } from "./operation-json.js";
import {
  createOperationLoop,
  type HandleContext,
  type HandleOptions,
  type KnownOperation,
} from "./operation-loop.js";
import type { OperationTypes } from "./operation-types.js";
import { type Checks, checkOptions } from "./option-checks.js";
import { emitPoll } from "./polling/emit-poll.js";
import { isWaitObserved, observeWait, observeWatch } from "./polling/observe-wait.js";
import { beginPoll, type PollLoop } from "./polling/poll-loop.js";
import { pollNow, recordSnapshot } from "./polling/run-loop.js";
import { waitForOutcome } from "./polling/wait.js";
import { WAIT_CHECKS, type WaitLimits, type WaitOptions, waitLimitsOf } from "./polling/wait-limits.js";
import { watchChanges } from "./polling/watch.js";
import { isOutcome, type Outcome, type Snapshot, snapshotOf } from "./snapshot.js";

/**
 * One operation, from wherever its name came. Making a handle sends nothing, and a handle is not a promise. Iterating over
 * it is `watch()` without options: `for await (const snapshot of handle)`.
 */
export interface OperationHandle<R, M> extends AsyncIterable<Snapshot<R, M>> {
  /** The name, such as `operations/1`; `""` when the server gave none, as for a validate-only request. */
  readonly name: string;
  /** Polls once. What has ended is not polled again. */
  poll(options?: OperationCallOptions): Promise<Snapshot<R, M>>;
  /**
   * The snapshots of the operation as they change, the last one terminal. What is known already comes first. Leaving
   * the loop stops the polling; a slow reader gets the latest.
   */
  watch(options?: WaitOptions): AsyncIterableIterator<Snapshot<R, M>>;
  /**
   * Polls until the operation has ended, and returns the outcome. All who wait on a handle share the polls; each has a signal and
   * a time of its own. Waiting again after the end returns at once.
   *
   * @throws WaitTimeoutError when the time is up; CallError when it is aborted or a poll fails for good.
   */
  wait(options?: ResultOptions): Promise<Outcome<R, M>>;
  /**
   * Waits for the response; undefined for an operation that ended well without one.
   *
   * @throws OperationError when the operation ended failed or cancelled, and what `wait` throws.
   */
  result(options?: ResultOptions): Promise<R | undefined>;
  /** Requests cancellation. Resolves once the server accepts the request; a wait that is under way polls immediately. */
  cancel(options?: OperationCallOptions): Promise<void>;
  /** Requests cancellation, then polls until the operation has ended, and returns the outcome. */
  cancelAndWait(options?: CancelAndWaitOptions): Promise<Outcome<R, M>>;
  /** Deletes the operation's record on the server. Does not cancel it. */
  delete(options?: OperationCallOptions): Promise<void>;
  /** Name and last snapshot, to go on in another process with `fromJSON`. */
  toJSON(): OperationJson;
}

/**
 * Creates a handle. The name has been checked, or is empty because the server gave none.
 *
 * @param known - what is known of the operation from a server; nothing, when it is left out
 */
export function createHandle<R extends DescMessage, M extends DescMessage>(
  context: HandleContext,
  name: string,
  options: HandleOptions<R, M>,
  known?: KnownOperation,
): OperationHandle<MessageShape<R>, MessageShape<M>> {
  const { calls } = context;
  const loop = createOperationLoop(context, name, options, known);
  const requests = createRequests(calls, loop, options);
  const waitFor = async (
    owner: ObservedWait["kind"],
    waitOptions: ResultOptions,
    run = (limits: WaitLimits) => waitForOutcome(loop, limits),
  ) => {
    try {
      const limits = limitsOf(loop, owner, waitOptions);
      return await observeWait(loop, owner, () => run(limits));
    } catch (error) {
      if (waitOptions?.onAbort !== "cancel") throw addCallerFrames(error); // in the same turn
      throw addCallerFrames(await afterAbort(error, waitOptions, () => requests.cancel({})));
    }
  };

  return {
    name,
    poll: async (callOptions = NO_OPTIONS) => {
      if (callOptions !== NO_OPTIONS) checkOptions("poll", callOptions, CALL_CHECKS);
      checkNamed(name, loop.known);
      return loop.known !== undefined && isOutcome(loop.known) ? loop.known : requests.poll(callOptions);
    },
    watch: (waitOptions = {}) => createWatch(loop, waitOptions),
    wait: (waitOptions = {}) => waitFor("wait", waitOptions),
    result: async (waitOptions = {}) =>
      responseOf(await waitFor("result", waitOptions), loop.options.registry),
    cancel: async (callOptions = NO_OPTIONS) => {
      if (callOptions !== NO_OPTIONS) checkOptions("cancel", callOptions, CALL_CHECKS);
      await requests.cancel(callOptions);
    },
    cancelAndWait: (cancelOptions = {}) =>
      waitFor("cancelAndWait", cancelOptions, (limits) =>
        cancelAndWait({ loop, ...requests }, limits, cancelOptions),
      ),
    delete: async (callOptions = NO_OPTIONS) => {
      if (callOptions !== NO_OPTIONS) checkOptions("delete", callOptions, CALL_CHECKS);
      await calls.delete(name, callOptions);
    },
    toJSON: () => toOperationJson({ name, operation: loop.known?.operation }),
    [Symbol.asyncIterator]() {
      return this.watch();
    },
  };
}

/** A watch that holds the loop, and not the rest of the handle. */
function createWatch<R, M>(
  loop: PollLoop<R, M>,
  waitOptions: WaitOptions,
): AsyncIterableIterator<Snapshot<R, M>> {
  limitsOf(loop, "watch", waitOptions); // What cannot be watched is rejected now, and the time counts from the first next().
  const changes = watchChanges(loop, () => limitsOf(loop, "watch", waitOptions));
  return isWaitObserved(loop) ? observeWatch(loop, changes) : changes;
}

/** The requests about one operation after which its poll loop knows more. */
function createRequests<R extends DescMessage, M extends DescMessage>(
  calls: OperationCalls,
  loop: PollLoop<MessageShape<R>, MessageShape<M>>,
  types: OperationTypes<R, M>,
) {
  const { operationName, registry, clock } = loop.options;
  return {
    poll: async (callOptions: OperationCallOptions, context: CallContext = {}) => {
      const poll = beginPoll(loop);
      const startMs = clock.now();
      const { operation } = await calls.get(operationName, callOptions, { ...context, registry });
      const snapshot = snapshotOf(operation, types, operationName);
      emitPoll(loop, { poll, startMs, snapshot, goesOn: false });
      return recordSnapshot(loop, snapshot, poll);
    },
    cancel: async (callOptions: OperationCallOptions, context?: CallContext) => {
      await calls.cancel(operationName, callOptions, context);
      pollNow(loop);
    },
  };
}

function checksOf(owner: ObservedWait["kind"]): Checks {
  if (owner === "watch") return WAIT_CHECKS;
  return { ...WAIT_CHECKS, ...(owner === "cancelAndWait" ? CANCEL_CHECKS : RESULT_CHECKS) };
}

/** Checks the options of a wait that begins now, and gives its limits. */
function limitsOf<R, M>(
  loop: PollLoop<R, M>,
  owner: ObservedWait["kind"],
  options: ResultOptions,
): WaitLimits {
  checkOptions(owner, options, checksOf(owner));
  const { operationName } = loop.options;
  checkNamed(operationName, loop.known);
  return waitLimitsOf(loop, operationName, options);
}
