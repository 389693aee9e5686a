// SPDX-License-Identifier: Apache-2.0

/** A frame as V8 writes it, other than that of the function below and of Node itself. */
const FRAME = /^ {4}at (?!addCallerFrames|process\.processTicks).*$/gm;

/** The longest stack that frames are added to, in characters: one error may end many waits. */
const MAX_STACK = 8_192;

/**
 * Adds the frames of the functions that await the call to an error's stack: the error itself was made in a callback of a
 * socket or a timer, where no function of the program appears. Call it in an async function that the program awaits.
 */
export function addCallerFrames(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const { stack } = error;
  const frames = new Error("here").stack?.match(FRAME) ?? [];
  const added = frames.filter((frame) => stack?.includes(frame) === false);
  if (stack !== undefined && stack.length < MAX_STACK && added.length > 0)
    error.stack = [stack, ...added].join("\n");
  return error;
}
