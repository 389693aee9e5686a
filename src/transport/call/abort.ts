// SPDX-License-Identifier: Apache-2.0

import { listenToAbort } from "../../time/abort.js";

/** The early end of a request. What an AbortSignal says, cheaper: the signal is made when it is first asked for. */
export interface Abort {
  readonly aborted: boolean;
  /** Why; of meaning once `aborted`. */
  readonly reason: unknown;
  /** For those who need a real signal, such as `fetch`. */
  readonly signal: AbortSignal;
  /** Calls `listener` when it happens. The function that it returns takes the listener back. */
  listen(listener: () => void): () => void;
  /**
   * Throws the reason if it has happened, or if the deadline has passed while no timer could fire: called after what keeps
   * the process busy, which is decoding a response.
   */
  throwIfOver(): void;
}

/** An abort that a signal alone decides. */
export function abortOf(signal: AbortSignal): Abort {
  return new SignalAbort(signal);
}

/** A class for its getters: in an object literal, V8 keeps a hidden class for each object that has them. */
class SignalAbort implements Abort {
  readonly signal: AbortSignal;

  constructor(signal: AbortSignal) {
    this.signal = signal;
  }

  get aborted(): boolean {
    return this.signal.aborted;
  }

  get reason(): unknown {
    return this.signal.reason;
  }

  listen(listener: () => void): () => void {
    return listenToAbort(this.signal, listener);
  }

  throwIfOver(): void {
    if (this.signal.aborted) throw this.signal.reason;
  }
}
