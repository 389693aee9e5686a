// SPDX-License-Identifier: Apache-2.0

import { listenToAbort } from "./abort.js";

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
