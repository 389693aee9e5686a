// SPDX-License-Identifier: Apache-2.0

/**
 * The version of this package, as the command line prints it and as `user-agent` and `x-goog-api-client` say it. A test
 * compares it with package.json, which a compiled file cannot locate.
 */
export const VERSION = "0.1.0";
