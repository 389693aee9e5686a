// SPDX-License-Identifier: Apache-2.0

/** All listeners of one signal, behind a single one. */
class AbortListeners {
  readonly listeners = new Set<() => void>();

  constructor(private readonly signal: AbortSignal) {
    known.set(signal, this);
    signal.addEventListener("abort", this, { once: true });
  }

  /** Called by the signal. A listener removed during dispatch is not called. */
  handleEvent(): void {
    known.delete(this.signal);
    for (const listener of this.listeners) listener();
  }

  remove(listener: () => void): void {
    this.listeners.delete(listener);
    if (this.listeners.size > 0 || known.get(this.signal) !== this) return;
    known.delete(this.signal);
    this.signal.removeEventListener("abort", this);
  }
}

const known = new WeakMap<AbortSignal, AbortListeners>();

/**
 * Calls `listener` when the signal aborts; never, if it has aborted already. Returns a function that removes the listener.
 * Pass a new function for each call.
 *
 * A signal has one listener of ours at a time, however many calls and waits share it: Node 20 warns of a leak from the
 * eleventh on, and taking one of many out is slow.
 */
export function listenToAbort(signal: AbortSignal, listener: () => void): () => void {
  if (signal.aborted) return () => {};
  const shared = known.get(signal) ?? new AbortListeners(signal);
  shared.listeners.add(listener);
  return () => shared.remove(listener);
}

/**
 * Settles as `promise` does, or rejects with the signal's reason in the turn in which it aborts, whether the work behind
 * the promise heeds the signal or not. The listener is gone once either has happened; a late rejection of `promise` is
 * not left unhandled.
 */
export function untilAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) reject(signal.reason);
    const stopListening = listenToAbort(signal, () => reject(signal.reason));
    promise.then(resolve, reject).finally(stopListening);
  });
}
