// SPDX-License-Identifier: Apache-2.0

/**
 * What the process ends with. Scripts rely on these numbers: they change with a major version only. A failed call is
 * 64 + its gRPC code, as grpcurl has it.
 */
export const EXIT = {
  ok: 0,
  /** A defect, or something outside that has no number of its own. */
  unexpected: 1,
  usage: 2,
  /** The operation failed. */
  failed: 3,
  /** The operation was cancelled, and success was waited for. */
  cancelled: 4,
  /** The operation succeeded in spite of the cancel, and the cancel was waited for. */
  succeeded: 5,
  /** The time for a wait was up; the operation goes on. */
  timedOut: 6,
  /** Added to the gRPC code of a failed call. */
  callFailed: 64,
  /** Ctrl-C: 128 + SIGINT. */
  interrupted: 130,
  /** The terminal has gone: 128 + SIGHUP. */
  hungUp: 129,
  /** 128 + SIGTERM. */
  terminated: 143,
} as const;

/** The states of an operation. */
export type State = "running" | "succeeded" | "cancelled" | "failed";

/** The exit status of an operation that ended in one state while another was asked for. */
export function statusOfState(state: State, wanted: "succeeded" | "cancelled"): number {
  if (state === wanted || state === "running") return EXIT.ok;
  return EXIT[state];
}

/** The exit status of several names is the worst of theirs, which is the highest number. */
export function worstOf(one: number, other: number): number {
  return Math.max(one, other);
}
