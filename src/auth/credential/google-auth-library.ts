// SPDX-License-Identifier: Apache-2.0

/** The target of "imports" in package.json: not every bundler accepts another package there. */
export { GoogleAuth } from "google-auth-library";
