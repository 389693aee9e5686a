// SPDX-License-Identifier: Apache-2.0
import type { Interceptor } from "@connectrpc/connect";
import { loadAuthLibrary } from "./credential/library.js";
import { authInterceptor } from "./interceptor.js";
import type { AuthOptions } from "./options.js";

/** Options of {@link googleAuth}. */
export type GoogleAuthOptions = AuthOptions;

/**
 * Creates an interceptor that authorizes calls to Google's APIs, or to any service that takes Google's tokens, with every
 * type of credential that google-auth-library supports. That library is loaded only on the first call that needs
 * Application Default Credentials.
 *
 * ```ts
 * createRestTransport({ baseUrl: "https://spanner.googleapis.com", interceptors: [googleAuth()] });
 * googleAuth({ auth: new GoogleAuth({ keyFilename, scopes }) });   // any client of google-auth-library, versions 9 to 11
 * googleAuth({ auth: async ({ scopes }) => mint(scopes) });        // a token from elsewhere
 * ```
 *
 * Works with every Connect transport. Put it last among the interceptors: those after it see the credential. A credential
 * is sent over TLS or to this machine only; a call that already has an `authorization` header keeps it.
 *
 * A call that cannot be authorized fails with a `CallError`: `unauthenticated`, or `unavailable` when fetching the token
 * failed for a transient reason, with `requestSent` false when nothing was sent. The error names the kind of credential,
 * never its value, which scope is missing and how to get it.
 *
 * @throws CallError `InvalidArgument`, when an option is unknown, malformed or contradicts another.
 */
export function googleAuth(options: GoogleAuthOptions = {}): Interceptor {
  return authInterceptor(options, loadAuthLibrary, "googleAuth");
}
