// SPDX-License-Identifier: Apache-2.0

/** The largest response or message that every transport takes by default, in bytes: one that is decoded within a second. */
export const DEFAULT_MAX_RESPONSE_BYTES: number = 8 * 1024 * 1024;

/** The version of this package, as `user-agent` and `x-goog-api-client` say it. */
export const VERSION = "0.1.0";

/**
 * The most pieces that a body, or a message of gRPC, may come in. Each costs some microseconds, so that 8 MiB in pieces of a
 * byte would take twenty seconds; no server that means well cuts that small.
 */
export const MAX_PIECES = 250_000;
