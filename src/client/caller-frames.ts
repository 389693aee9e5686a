// SPDX-License-Identifier: Apache-2.0

/** A frame as V8 writes it, but for the one of the function below and Node's own. */
const FRAME = /^ {4}at (?!addCallerFrames|process\.processTicks).*$/gm;

/** No stack grows beyond this, in characters: one error may end the waits of many. */
const MAX_STACK = 8_192;

/**
 * Adds to an error's stack who awaits the call: the error itself was made by a socket or a timer, in which no function
 * of the program appears. To be called in an async function that the program awaits, on the failure path only.
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

/** The same promise; what it rejects with has the frames of those who await it. */
export async function withCallerFrames<T>(promise: Promise<T>): Promise<T> {
  try {
    return await promise;
  } catch (error) {
    throw addCallerFrames(error);
  }
}
