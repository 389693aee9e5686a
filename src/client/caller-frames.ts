// SPDX-License-Identifier: Apache-2.0

/** A frame of an async function that waits, as V8 writes it. */
const ASYNC_FRAME = /^ {4}at async .*$/gm;

const completed = new WeakSet<Error>();

/**
 * Adds to an error's stack who awaits the call: the error itself was made by a socket or a timer, in which no function
 * of the program appears. To be called in an async function that the program awaits, on the failure path only.
 */
export function addCallerFrames(error: unknown): unknown {
  if (!(error instanceof Error) || completed.has(error)) return error;
  completed.add(error);
  const { stack } = error;
  const frames = new Error("here").stack?.match(ASYNC_FRAME) ?? [];
  const added = frames.filter((frame) => stack?.includes(frame) === false);
  if (stack !== undefined && added.length > 0) error.stack = [stack, ...added].join("\n");
  return error;
}
