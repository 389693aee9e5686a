// SPDX-License-Identifier: Apache-2.0

/** The version of this package. A test holds it to package.json, which a compiled file cannot find by itself. */
export const VERSION = "0.1.0";
