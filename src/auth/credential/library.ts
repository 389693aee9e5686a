// SPDX-License-Identifier: Apache-2.0
import type { LoadAuthLibrary } from "./application-default.js";

/**
 * Loads google-auth-library in Node, and a stand-in for it elsewhere: chosen by the conditions of "imports" in
 * package.json, so that a bundle for a browser holds nothing of it.
 */
export const loadAuthLibrary: LoadAuthLibrary = () => import("#google-auth-library");
