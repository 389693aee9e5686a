// SPDX-License-Identifier: Apache-2.0

export { type GoogleAuthOptions, googleAuth } from "./auth/google-auth.js";
export type { RequestHeaderSource, TokenFunction, TokenRequest } from "./auth/options.js";
