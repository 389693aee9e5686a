// SPDX-License-Identifier: Apache-2.0
import type { JsonObject } from "@bufbuild/protobuf";
import { CallError } from "../errors/call-error.js";
import { showJsonInLogs } from "../errors/inspect.js";
import { codeName } from "../names/code-name.js";
import { oneLine } from "../names/shorten.js";
import type { Snapshot } from "./snapshot.js";

/** What a {@link WaitTimeoutError} is made of. */
export interface WaitTimeoutInit {
  readonly operationName: string;
  readonly snapshot: Snapshot<unknown, unknown> | undefined;
  readonly timeoutMs: number;
  readonly elapsedMs: number;
  readonly polls: number;
  /** The error of the last poll, if it failed. */
  readonly cause: CallError | undefined;
}

/**
 * Polling stopped: the time for a wait was up and the operation had not ended. This is not about the operation,
 * which goes on. Take the wait up again with the same handle, or with `operation(error.operationName)` in another process.
 */
export class WaitTimeoutError extends Error {
  /** Always `"WaitTimeoutError"`. */
  override readonly name = "WaitTimeoutError";
  /** The name of the operation. */
  readonly operationName: string;
  /** The last that was seen of the operation; undefined when no poll succeeded. Printing the error does not show it. */
  declare readonly snapshot: Snapshot<unknown, unknown> | undefined;
  /** The time that the wait had, in milliseconds. */
  readonly timeoutMs: number;
  /** The time that passed, in milliseconds. */
  readonly elapsedMs: number;
  /** Polls made meanwhile, failed ones included. */
  readonly polls: number;

  constructor(init: WaitTimeoutInit) {
    const { operationName, elapsedMs, cause } = init;
    super(
      `timed out after ${Math.round(elapsedMs)} ms waiting for operation ${JSON.stringify(operationName)} (${stateOf(init)})`,
      // A poll that failed for the moment is the cause: it may be why nothing more was seen.
      cause === undefined ? undefined : { cause },
    );
    this.operationName = operationName;
    Object.defineProperty(this, "snapshot", { value: init.snapshot });
    this.timeoutMs = init.timeoutMs;
    this.elapsedMs = elapsedMs;
    this.polls = init.polls;
    showJsonInLogs(this);
  }

  /** The error for logs: plain values, the last state in place of the snapshot, and the error of the last poll as `cause`. */
  toJSON(): JsonObject {
    const { name, message, operationName, snapshot, timeoutMs, elapsedMs, polls } = this;
    return {
      name,
      message,
      operationName,
      ...(snapshot !== undefined && { state: snapshot.state }),
      // JSON has no Infinity: a wait without an end has no timeout.
      ...(Number.isFinite(timeoutMs) && { timeoutMs }),
      elapsedMs: Math.round(elapsedMs),
      polls,
      ...(this.cause instanceof CallError && { cause: this.cause.toJSON() }),
    };
  }
}

function stateOf({ polls, snapshot, cause }: WaitTimeoutInit): string {
  const count = `${polls} poll${polls === 1 ? "" : "s"}`;
  const error = cause && `${codeName(cause.code)}: ${oneLine(cause.status.message)}`;
  if (snapshot !== undefined) {
    return `${count}, last state: ${snapshot.state}${error === undefined ? "" : `, last poll failed with ${error}`}`;
  }
  return `${count}, never seen: ${error === undefined ? "no response" : `the last poll failed with ${error}`}`;
}
