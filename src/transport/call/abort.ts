// SPDX-License-Identifier: Apache-2.0
import { Code, ConnectError } from "@connectrpc/connect";
import { listenToAbort } from "../../time/abort.js";
import { monotonicMs, startTimer } from "../../time/timer.js";

/** The early end of a request: an AbortSignal at less cost, since the signal is made when it is first asked for. */
export interface Abort {
  readonly aborted: boolean;
  /** The reason; meaningful only once `aborted` is true. */
  readonly reason: unknown;
  /** For those who need a real signal, such as `fetch`. */
  readonly signal: AbortSignal;
  /** Calls `listener` when it happens. The function that it returns removes the listener. */
  listen(listener: () => void): () => void;
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
}

/**
 * The early end of one call: its caller's abort or its deadline, whichever comes first.
 *
 * An AbortController would do, but making one, linking it and aborting it at the end of the call takes as long as all the
 * rest of a REST call. Here a real signal is made only when it is asked for.
 */
export class CallAbort implements Abort {
  aborted = false;
  /** Called first when the caller aborts or the deadline passes, but not by {@link release}. */
  onAbort: ((reason: unknown) => void) | undefined;
  /** The time of the call in milliseconds; `Infinity` for no bound. */
  readonly timeoutMs: number;
  /** When that time is up, by `monotonicMs`. */
  readonly endsAtMs: number;
  #reason: unknown;
  #controller: AbortController | undefined;
  /** One, as a rule: of the engine. */
  #listeners: (() => void)[] = [];
  readonly #stopListening: (() => void) | undefined;
  readonly #stopTimer: (() => void) | undefined;

  /**
   * Watches from now on, until {@link release}.
   *
   * @param signal - the caller's own
   * @param timeoutMs - the call's time in milliseconds, from now on; 0 or less is no bound, as everywhere in Connect
   */
  constructor(signal: AbortSignal | undefined, timeoutMs: number | undefined) {
    this.timeoutMs = timeoutMs !== undefined && timeoutMs > 0 ? timeoutMs : Number.POSITIVE_INFINITY;
    this.endsAtMs = monotonicMs() + this.timeoutMs;
    if (signal?.aborted === true) {
      this.#end(signal.reason);
      return;
    }
    if (this.timeoutMs < Number.POSITIVE_INFINITY)
      this.#stopTimer = startTimer(this.timeoutMs, () => this.#end(timedOut()));
    if (signal !== undefined) this.#stopListening = listenToAbort(signal, () => this.#end(signal.reason));
  }

  get reason(): unknown {
    if (this.aborted) this.#reason ??= new ConnectError("the call has ended", Code.Canceled);
    return this.#reason;
  }

  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      if (this.aborted) this.#controller.abort(this.reason);
    }
    return this.#controller.signal;
  }

  listen(listener: () => void): () => void {
    this.#listeners.push(listener);
    return () => {
      const at = this.#listeners.indexOf(listener);
      if (at >= 0) this.#listeners.splice(at, 1);
    };
  }

  /**
   * Throws the reason if aborted, or if the deadline has passed while no timer could fire. Call it after work that blocks
   * the event loop, such as decoding a response.
   */
  throwIfOver(): void {
    if (monotonicMs() > this.endsAtMs) this.#end(timedOut());
    if (this.aborted) throw this.reason;
  }

  /**
   * Ends the call: stops the timer, and aborts what was sent for it and has not ended, since nothing bounds that any more: an
   * interceptor may send twice, or later. Like Connect, it also aborts the signal that interceptors saw, with the error of the
   * call if it failed.
   */
  release(reason?: unknown): void {
    if (this.aborted) return;
    this.aborted = true;
    this.#reason = reason;
    this.onAbort = undefined; // it refers to the response, by its promise
    this.#stopTimer?.();
    this.#stopListening?.();
    this.#controller?.abort(reason);
    const listeners = this.#listeners;
    this.#listeners = [];
    for (const listener of listeners) listener();
  }

  #end(reason: unknown): void {
    if (this.aborted) return;
    const { onAbort } = this;
    this.release(reason);
    onAbort?.(this.reason);
  }
}

/** The error for an expired deadline, worded as in Connect's own transports. */
export function timedOut(): ConnectError {
  return new ConnectError("the operation timed out", Code.DeadlineExceeded);
}
