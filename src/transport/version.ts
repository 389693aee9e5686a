// SPDX-License-Identifier: Apache-2.0

/** The version of this package, as `user-agent` and `x-goog-api-client` say it. */
export const VERSION = "0.1.0";
