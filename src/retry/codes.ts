// SPDX-License-Identifier: Apache-2.0
import { Code } from "@connectrpc/connect";

/**
 * The codes after which a call is sent again by itself: AIP-194 names this one, since the server says with it that it
 * did not take the request.
 */
export const RETRIED_CODES: readonly Code[] = [Code.Unavailable];

/**
 * The codes of a failed look that say nothing about the operation, so that a wait goes on looking. `Canceled` is
 * among them because it is the look that was cancelled, by a proxy or a server shutting down, and not the operation.
 */
export const TRANSIENT_CODES: readonly Code[] = [
  Code.Canceled,
  Code.DeadlineExceeded,
  Code.ResourceExhausted,
  Code.Aborted,
  Code.Unavailable,
];
