// SPDX-License-Identifier: Apache-2.0

/**
 * An object that provides the headers that authorize a call: a client or a `GoogleAuth` of google-auth-library 9, 10 or
 * 11, or anything else of that shape.
 */
export interface RequestHeaderSource {
  /**
   * Returns the headers that authorize a call, usually `authorization: Bearer …`, and fetches new ones when the last
   * have expired.
   *
   * @param url - the origin that is called, with a trailing slash: the audience of a self-signed token.
   */
  getRequestHeaders(url?: string): Promise<Headers | Record<string, string>>;
}

/** The argument of a {@link TokenFunction}. */
export interface TokenRequest {
  /** The origin that the token will be sent to, with a trailing slash: `https://admanager.googleapis.com/`. */
  readonly url: string;
  /** The OAuth scopes that the call needs. */
  readonly scopes: readonly string[];
  /** The server rejected the last token: a function that caches tokens must fetch a new one. */
  readonly refresh: boolean;
}

/**
 * Returns an access token, without `Bearer`. Called once for calls that start together, and again for later ones; the
 * function decides how long to cache a token.
 */
export type TokenFunction = (request: TokenRequest) => string | Promise<string>;

/** Options of the auth interceptor. At most one of `auth`, `token` and `apiKey` is given. */
export interface AuthOptions {
  /**
   * A credential object, or a function that returns access tokens.
   * @default Application Default Credentials, looked for when the first call is made
   */
  readonly auth?: RequestHeaderSource | TokenFunction | undefined;
  /** An access token, without `Bearer`. It is never refreshed: for scripts that finish before the token expires. @default none */
  readonly token?: string | undefined;
  /** An API key, sent as `x-goog-api-key`. Few methods accept one: it identifies the calling project, not the caller. @default none */
  readonly apiKey?: string | undefined;
  /**
   * The OAuth scopes to request. A credential object, or a token given as text, already has its scopes; then
   * these only appear in errors.
   * @default from `methodScopes` or the service's `google.api.oauth_scopes`, otherwise `…/auth/cloud-platform`
   */
  readonly scopes?: string | readonly string[] | undefined;
  /**
   * The scopes that a method accepts, by its selector (`google.longrunning.Operations.GetOperation`); any one of them is
   * enough. The first is requested when `scopes` is not given. Same as `canonical_scopes` in a service configuration.
   * @default none
   */
  readonly methodScopes?: Readonly<Record<string, readonly string[]>> | undefined;
  /**
   * The project for billing and quota, by id or number, sent as `x-goog-user-project`.
   * @default the one in the credential, if there is one
   */
  readonly quotaProject?: string | undefined;
  /**
   * The universe that the endpoint belongs to. A credential from another universe is not sent.
   * @default read from the host: `googleapis.com` unless the host is one of the credential's universe
   */
  readonly universeDomain?: string | undefined;
  /**
   * The origins (`https://host[:port]`) that the credential may be sent to. A call to any other origin fails.
   * @default every origin that a transport with this interceptor calls
   */
  readonly origins?: string | readonly string[] | undefined;
}
