// SPDX-License-Identifier: Apache-2.0
import type { Snapshot } from "./snapshot.js";

/** What a {@link WaitTimeoutError} tells. */
export interface WaitTimeoutInit {
  readonly operationName: string;
  readonly snapshot: Snapshot<unknown, unknown> | undefined;
  readonly timeoutMs: number;
  readonly elapsedMs: number;
  readonly looks: number;
  readonly cause: unknown;
}

/**
 * We stopped looking: the time for a wait was up and the operation had not ended. It says nothing about the operation,
 * which goes on. Take the wait up again with the same handle, or with `operation(error.operationName)` in another process.
 */
export class WaitTimeoutError extends Error {
  override readonly name = "WaitTimeoutError";
  readonly operationName: string;
  /** The last that was seen of the operation; undefined when no look succeeded. */
  readonly snapshot: Snapshot<unknown, unknown> | undefined;
  /** The time that the wait had, in milliseconds. */
  readonly timeoutMs: number;
  /** The time that passed, in milliseconds. */
  readonly elapsedMs: number;
  /** Looks made meanwhile, failed ones included. */
  readonly looks: number;

  constructor(init: WaitTimeoutInit) {
    const { operationName, looks, elapsedMs, snapshot } = init;
    const seen = snapshot === undefined ? "it was never seen" : `it was last seen ${snapshot.state}`;
    // A look that failed for the moment is the cause: it may be why nothing more was seen.
    const options = init.cause === undefined ? undefined : { cause: init.cause };
    super(
      `stopped waiting for "${operationName}" after ${Math.round(elapsedMs)} ms and ${looks} looks: ${seen}`,
      options,
    );
    this.operationName = operationName;
    this.snapshot = snapshot;
    this.timeoutMs = init.timeoutMs;
    this.elapsedMs = elapsedMs;
    this.looks = looks;
  }
}
