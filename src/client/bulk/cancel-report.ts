// SPDX-License-Identifier: Apache-2.0
import type { CallError } from "../../errors/call-error.js";
import type { CancelAndWaitOptions } from "../cancel/cancel-and-wait.js";
import type { Outcome } from "../snapshot.js";
import type { WaitTimeoutError } from "../wait-timeout-error.js";

/** What became of one name in `cancelOperations`. */
export type CancelReport = { readonly name: string } & (
  | {
      /** The server accepted the request; nothing more is known. */
      readonly state: "requested";
    }
  | {
      /** With `wait`: how the operation ended. */
      readonly state: "cancelled" | "succeeded" | "failed";
      readonly outcome: Outcome;
    }
  | {
      /** The request failed, or with `wait` the looking. */
      readonly state: "error";
      readonly error: CallError | WaitTimeoutError;
    }
  | {
      /** Nothing was sent for this name before the caller gave up. */
      readonly state: "skipped";
    }
);

/** Options of `cancelOperations`. */
export interface CancelOperationsOptions
  extends Pick<CancelAndWaitOptions, "onUnsupported" | "onNotFound" | "onDone"> {
  /** The most names under way at one time, reports that were not read included. @default 16 */
  readonly concurrency?: number | undefined;
  /** Waits for each operation to end, and reports how, instead of reporting the request. @default false */
  readonly wait?: boolean | undefined;
  /**
   * Stops it all: requests under way are given up, and the names that were not tried are reported as such as far as they
   * are known: those of an array, a Set or a Map, and those already read from anything else.
   * @default none
   */
  readonly signal?: AbortSignal | undefined;
  /**
   * The time for each name, in milliseconds, pauses that the server asks for included.
   * @default the client's for each call, however long the pauses between calls; with `wait`, its polling's
   */
  readonly timeoutMs?: number | undefined;
  /** How often a name is sent when the server returns RESOURCE_EXHAUSTED. @default 10 */
  readonly maxAttempts?: number | undefined;
}
