// SPDX-License-Identifier: Apache-2.0

/** The largest answer or message that every transport takes by default, in bytes. */
export const DEFAULT_MAX_RESPONSE_BYTES = 64 * 1024 * 1024;
