// SPDX-License-Identifier: Apache-2.0

/** The version of this package. A test compares it with package.json, which a compiled file cannot locate. */
export const VERSION = "0.1.0";
