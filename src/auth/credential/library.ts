// SPDX-License-Identifier: Apache-2.0
import type { LoadAuthLibrary } from "./application-default.js";

/**
 * Loads google-auth-library in Node, and a stub elsewhere. The conditions of "imports" in package.json select which, so
 * that a browser bundle contains none of the library.
 */
export const loadAuthLibrary: LoadAuthLibrary = () => import("#google-auth-library");
