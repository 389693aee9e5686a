// SPDX-License-Identifier: Apache-2.0

/**
 * The exit statuses of the process. Scripts rely on these numbers: they only change in a major version. A failed call is
 * 64 + its gRPC code, as in grpcurl.
 */
export const EXIT = {
  ok: 0,
  /** A bug, or an external error without its own number. */
  unexpected: 1,
  usage: 2,
  /** The operation failed. */
  failed: 3,
  /** The operation was cancelled, but success was expected. */
  cancelled: 4,
  /** The operation succeeded despite the cancel request, but cancellation was expected. */
  succeeded: 5,
  /** The wait timed out; the operation continues. */
  timedOut: 6,
  /** Added to the gRPC code of a failed call. */
  callFailed: 64,
  /** Ctrl-C: 128 + SIGINT. */
  interrupted: 130,
  /** The terminal was closed: 128 + SIGHUP. */
  hungUp: 129,
  /** 128 + SIGTERM. */
  terminated: 143,
} as const;

/** The states of an operation. */
export type State = "running" | "succeeded" | "cancelled" | "failed";

/** The exit status of an operation that ended in one state, by the state that was expected. */
export function statusOfState(state: State, wanted: "succeeded" | "cancelled"): number {
  if (state === wanted || state === "running") return EXIT.ok;
  return EXIT[state];
}

/** The exit status of several names is the worst of theirs, which is the highest number. */
export function worstOf(one: number, other: number): number {
  return Math.max(one, other);
}
