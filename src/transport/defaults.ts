// SPDX-License-Identifier: Apache-2.0

/**
 * The largest response or message that every transport takes by default, in bytes: what gRPC has everywhere, and what any
 * JSON of that size is decoded from within a second.
 */
export const DEFAULT_MAX_RESPONSE_BYTES = 4 * 1024 * 1024;
