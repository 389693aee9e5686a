// SPDX-License-Identifier: Apache-2.0

/** A file of this package for "imports" in package.json to name: not every bundler takes another package there. */
export { GoogleAuth } from "google-auth-library";
