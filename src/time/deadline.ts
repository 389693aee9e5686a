// SPDX-License-Identifier: Apache-2.0

/** The longest timeout that a timer takes, in milliseconds: above it `setTimeout` fires at once. */
const LONGEST_TIMEOUT_MS = 2 ** 31 - 1;

/** What a Connect `Transport` takes for "no timeout, not even your default". */
const NO_TIMEOUT = 0;

/**
 * A timeout as a Connect `Transport` takes it. Above what a timer can wait (24.8 days, `Infinity` included) there is
 * none. A transport counts whole milliseconds on some wires, so a fraction is rounded up.
 *
 * The caller has already answered for a timeout of 0 or less: that deadline has passed, and nothing is sent.
 */
export function toTransportTimeoutMs(timeoutMs: number): number {
  return timeoutMs > LONGEST_TIMEOUT_MS ? NO_TIMEOUT : Math.ceil(timeoutMs);
}
