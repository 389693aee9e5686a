// SPDX-License-Identifier: Apache-2.0
export type { RequestHeaderSource, TokenFunction, TokenRequest } from "../interceptors/auth-options.js";
export { type GoogleAuthOptions, googleAuth } from "./google-auth.js";
