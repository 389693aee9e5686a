// SPDX-License-Identifier: Apache-2.0
import { Code, ConnectError } from "@connectrpc/connect";

/**
 * The error for a request that does not fit its rule: a client throws it before anything is sent, a server responds
 * with it. `cause` is the error of the value's own codec.
 */
export function invalidArgument(message: string, cause?: unknown): ConnectError {
  return new ConnectError(message, Code.InvalidArgument, undefined, undefined, cause);
}

/** Runs a codec; whatever plain error it throws becomes InvalidArgument, with `what` in front. */
export function orInvalidArgument<T>(what: string, run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (error instanceof ConnectError) {
      throw error;
    }
    throw invalidArgument(`${what}: ${error instanceof Error ? error.message : String(error)}`, error);
  }
}
