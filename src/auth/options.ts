// SPDX-License-Identifier: Apache-2.0

/**
 * An object that answers the headers of a call: a client or a `GoogleAuth` of google-auth-library 9, 10 or 11, or
 * anything else of that shape.
 */
export interface RequestHeaderSource {
  /**
   * Answers the headers that authorize a call, `authorization: Bearer …` as a rule, fresh ones when the last have
   * expired.
   *
   * @param url - the origin that is called, with a trailing slash: the audience of a self-signed token.
   */
  getRequestHeaders(url?: string): Promise<Headers | Record<string, string>>;
}

/** What a {@link TokenFunction} is told. */
export interface TokenRequest {
  /** The origin that the token will be sent to, with a trailing slash: `https://admanager.googleapis.com/`. */
  readonly url: string;
  /** The OAuth scopes that the call needs. */
  readonly scopes: readonly string[];
  /** The server refused the last token: a function that keeps tokens must get a new one. */
  readonly refresh: boolean;
}

/**
 * Answers an access token, without `Bearer`. Asked once for calls that start together, and again for later ones: how
 * long a token is kept is up to the function.
 */
export type TokenFunction = (request: TokenRequest) => string | Promise<string>;

/** Options of the auth interceptor. At most one of `auth`, `token` and `apiKey` is given. */
export interface AuthOptions {
  /**
   * A credential object, or a function that answers access tokens.
   * @default Application Default Credentials, looked for when the first call is made
   */
  readonly auth?: RequestHeaderSource | TokenFunction | undefined;
  /** An access token, without `Bearer`. It is never refreshed: for a script that lives shorter than its token. */
  readonly token?: string | undefined;
  /** An API key, sent as `x-goog-api-key`. Few methods take one: it says which project calls, not who. */
  readonly apiKey?: string | undefined;
  /**
   * The OAuth scopes to ask for. A credential object, and a token that is given as text, have theirs already; then
   * these are only named in errors.
   * @default what `methodScopes` or the service's `google.api.oauth_scopes` says, or else `…/auth/cloud-platform`
   */
  readonly scopes?: string | readonly string[] | undefined;
  /**
   * The scopes that a method takes, by its selector (`google.longrunning.Operations.GetOperation`); any one of them is
   * enough. The first is what is asked for when `scopes` is not given. The canonical_scopes of a service configuration.
   */
  readonly methodScopes?: Readonly<Record<string, readonly string[]>> | undefined;
  /**
   * The project that the calls are billed and counted to, by id or number, sent as `x-goog-user-project`.
   * @default the one in the credential, if there is one
   */
  readonly quotaProject?: string | undefined;
  /**
   * The universe that the endpoint belongs to. A credential of another universe is not sent.
   * @default read from the host: `googleapis.com` unless the host is one of the credential's universe
   */
  readonly universeDomain?: string | undefined;
  /**
   * The origins (`https://host[:port]`) that the credential may be sent to. A call to another one is refused.
   * @default every origin that a transport with this interceptor calls
   */
  readonly origins?: string | readonly string[] | undefined;
}
