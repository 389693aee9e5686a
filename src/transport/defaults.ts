// SPDX-License-Identifier: Apache-2.0

/** The largest response or message that every transport takes by default, in bytes: one that is decoded within a second. */
export const DEFAULT_MAX_RESPONSE_BYTES: number = 8 * 1024 * 1024;

/** The version of this package, as `user-agent` and `x-goog-api-client` say it. */
export const VERSION = "0.1.0";
