// SPDX-License-Identifier: Apache-2.0
import type { DescMethod } from "@bufbuild/protobuf";
import type { Code } from "@connectrpc/connect";
import type { Backoff } from "./backoff.js";

/** How often, after which codes and how far apart a call is sent again. */
export interface RetryPolicy extends Backoff {
  /** Attempts in all, the first included. */
  readonly maxAttempts: number;
  /** The longest delay that a server may ask for, in milliseconds. */
  readonly maxRetryDelayMs: number;
  /** The codes after which the call is sent again. */
  readonly codes: readonly Code[];
}

/** How one method is called. */
export interface MethodPolicy {
  /** Undefined for a method whose calls are sent once. */
  readonly retry: RetryPolicy | undefined;
  /** The time that a call may take, attempts and the pauses between them together; undefined: not configured. */
  readonly timeoutMs: number | undefined;
}

/** Looks up the policy of a method; `idempotent`: the caller vouches that this one call may be sent twice. */
export type FindPolicy = (method: DescMethod, idempotent?: boolean) => MethodPolicy;
