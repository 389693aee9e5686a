// SPDX-License-Identifier: Apache-2.0
import { Code, ConnectError } from "@connectrpc/connect";
import { startTimer } from "../policy/timer.js";

/** The end of a call from this side: its caller gave up, or its deadline passed. */
export interface CallEnd {
  /** Whether it has come. */
  readonly ended: boolean;
  /** What it came with: the caller's reason, or a ConnectError `DeadlineExceeded`. */
  readonly reason: unknown;
  /** Calls `listener` once when it comes. */
  on(listener: () => void): void;
  off(listener: () => void): void;
}

/**
 * The end that a caller's signal and a timeout make together, whichever is first. A class, since every call has one:
 * its timer and its listener are taken down by `release()`.
 */
export class OwnCallEnd implements CallEnd {
  ended = false;
  reason: unknown;
  readonly #caller: AbortSignal | undefined;
  readonly #onAbort: (() => void) | undefined;
  readonly #stopTimer: (() => void) | undefined;
  /** Nearly always one: more only while an interceptor sends a request more than once. */
  #listeners: readonly (() => void)[] = [];
  #controller: AbortController | undefined;

  constructor(caller: AbortSignal | undefined, timeoutMs: number | undefined) {
    if (caller?.aborted === true) {
      this.#end(caller.reason);
      return;
    }
    if (caller !== undefined) {
      this.#caller = caller;
      this.#onAbort = () => this.#end(caller.reason);
      caller.addEventListener("abort", this.#onAbort);
    }
    if (timeoutMs !== undefined) this.#stopTimer = startTimer(timeoutMs, () => this.#end(deadlineExceeded()));
  }

  on(listener: () => void): void {
    this.#listeners = [...this.#listeners, listener];
  }

  off(listener: () => void): void {
    this.#listeners = this.#listeners.filter((one) => one !== listener);
  }

  /** The same as a signal. It is made when somebody looks; it aborts when the call is over, too. */
  signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      if (this.ended) this.#controller.abort(this.reason);
    }
    return this.#controller.signal;
  }

  /** The call is over: nothing ends it any more. `reason` is what it failed with, if it did. */
  release(reason?: unknown): void {
    this.#takeDown();
    this.#controller?.abort(reason);
  }

  #end(reason: unknown): void {
    this.ended = true;
    this.reason = reason;
    this.#takeDown();
    this.#controller?.abort(reason);
    for (const listener of this.#listeners) listener();
  }

  #takeDown(): void {
    this.#stopTimer?.();
    if (this.#onAbort !== undefined) this.#caller?.removeEventListener("abort", this.#onAbort);
  }
}

/** A signal as the end of a call. */
export function callEndOf(signal: AbortSignal): CallEnd {
  return {
    get ended() {
      return signal.aborted;
    },
    get reason() {
      return signal.reason;
    },
    on: (listener) => signal.addEventListener("abort", listener, { once: true }),
    off: (listener) => signal.removeEventListener("abort", listener),
  };
}

/** Connect's own words, which every transport has. */
function deadlineExceeded(): ConnectError {
  return new ConnectError("the operation timed out", Code.DeadlineExceeded);
}
