// SPDX-License-Identifier: Apache-2.0

import { systemClock } from "../../time/clock.js";
import type { HeaderEntries } from "../../transport/call/unary-request.js";
import type { RequestHeaderSource } from "../options.js";
import type { Credential, ScopeAdvice } from "./credential.js";
import { secretsHeldBy } from "./held-secrets.js";

/** A client of google-auth-library: the members that versions 9 to 11 have in common. */
export interface AuthClient extends RequestHeaderSource {
  readonly universeDomain?: unknown;
  readonly credentials?: unknown;
  readonly refreshHandler?: unknown;
  readonly eagerRefreshThresholdMillis?: unknown;
  setCredentials?(credentials: object): void;
}

/** A `GoogleAuth`: it finds a client and delegates to it. */
export interface AuthClientFinder extends RequestHeaderSource {
  getClient(): Promise<AuthClient>;
}

interface ClientKind {
  readonly kind: string;
  readonly advice: ScopeAdvice;
}

/** The clients of google-auth-library by class name. Minified programs get the generic text. */
const KINDS: Readonly<Record<string, ClientKind>> = {
  UserRefreshClient: { kind: "a user's login", advice: "login" },
  ExternalAccountAuthorizedUserClient: { kind: "a workforce user's login", advice: "login" },
  JWT: { kind: "a service account's key", advice: "option" },
  Impersonated: { kind: "an impersonated service account", advice: "option" },
  IdentityPoolClient: { kind: "an external account", advice: "option" },
  AwsClient: { kind: "an external account (AWS)", advice: "option" },
  PluggableAuthClient: { kind: "an external account (executable)", advice: "option" },
  Compute: { kind: "the service account of the metadata server", advice: "instance" },
  OAuth2Client: { kind: "an OAuth 2.0 client", advice: "mint" },
  GoogleAuth: { kind: "a GoogleAuth", advice: "option" },
  DownscopedClient: { kind: "a downscoped credential", advice: "mint" },
};
const OTHER_KIND: ClientKind = { kind: "an object with getRequestHeaders", advice: "mint" };

/** What kind of client this is, for errors. */
export function kindOf(client: RequestHeaderSource): ClientKind {
  return KINDS[client.constructor.name] ?? OTHER_KIND;
}

/** A credential object as a {@link Credential}: a client, a finder of one, or anything with `getRequestHeaders`. */
export function sourceCredential(source: RequestHeaderSource): Credential {
  let client: AuthClient = source;
  const found = async () => {
    client = isFinder(source) ? await source.getClient() : source;
    return client;
  };
  return {
    get kind() {
      return kindOf(client).kind;
    },
    get advice() {
      return kindOf(client).advice;
    },
    universe: async () => {
      const { universeDomain } = await found();
      return typeof universeDomain === "string" ? universeDomain : undefined;
    },
    headers: async (request) => {
      if (request.refresh) expire(await found());
      const entries = headerEntriesOf(await source.getRequestHeaders(request.url));
      return { entries, isFresh: freshness(client, entries) };
    },
    isRefreshable: () => isRefreshable(client),
    secrets: () => secretsHeldBy(client),
  };
}

function isFinder(source: RequestHeaderSource): source is AuthClientFinder {
  return "getClient" in source && typeof source.getClient === "function";
}

/** The `credentials` of a client of the library. */
function tokensOf(client: AuthClient): Readonly<Record<string, unknown>> | undefined {
  const { credentials } = client;
  if (typeof client.setCredentials !== "function") return undefined;
  return typeof credentials === "object" && credentials !== null ? { ...credentials } : undefined;
}

/** Milliseconds before expiry at which the library renews a token, unless its client sets another value. */
const EAGER_REFRESH_MS = 5 * 60_000;

/**
 * Whether a client would return the same headers again: it holds their token and would not renew it yet. This saves
 * a call into the library, which costs a `Headers` and several promises.
 */
function freshness(client: AuthClient, entries: HeaderEntries): () => boolean {
  const token = tokensOf(client)?.access_token;
  const isOfToken = entries.some(
    ([name, value]) => name === "authorization" && typeof token === "string" && value.endsWith(` ${token}`),
  );
  if (!isOfToken) return () => false;
  const { eagerRefreshThresholdMillis: given } = client;
  const eagerMs = typeof given === "number" ? given : EAGER_REFRESH_MS;
  return () => {
    const now: object = Object(client.credentials);
    if (!("access_token" in now && "expiry_date" in now) || now.access_token !== token) return false;
    return typeof now.expiry_date === "number" && now.expiry_date - eagerMs > systemClock.now();
  };
}

/**
 * Whether a refresh can return another token. An OAuth 2.0 client that was given only an access token cannot get the
 * next: the refresh would fail, and so would everything else that uses the client.
 */
function isRefreshable(client: AuthClient): boolean {
  const tokens = tokensOf(client);
  if (tokens === undefined || tokens.access_token === undefined) return true;
  const isOAuth2Client = "refreshHandler" in client;
  return !isOAuth2Client || tokens.refresh_token !== undefined || client.refreshHandler !== undefined;
}

/**
 * Marks the token of a client as expired, so that the next use fetches a new one. The library has no method for this that
 * all clients share, but all of them check `expiry_date`. Self-signed tokens are not stored there: they are only signed
 * again once they have expired.
 */
function expire(client: AuthClient): void {
  const tokens = tokensOf(client);
  if (tokens?.access_token === undefined) return;
  client.setCredentials?.({ ...tokens, expiry_date: 1 });
}

/**
 * The headers that a credential object returned, names in lower case, whether in a `Headers` (google-auth-library 10 and
 * later) or in a plain object (9).
 *
 * @throws Error, without any value, when it is neither or has a value that cannot be sent.
 */
function headerEntriesOf(returned: unknown): HeaderEntries {
  if (typeof returned !== "object" || returned === null) {
    throw new Error(
      `getRequestHeaders returned ${returned === null ? "null" : `a value of type ${typeof returned}`}`,
    );
  }
  const entries = new Map<string, string>();
  for (const [name, value] of isIterable(returned) ? returned : Object.entries(returned)) {
    if (value === undefined || value === null) continue;
    if (typeof value !== "string" || /[^ -~]/.test(value)) {
      throw new Error(`getRequestHeaders returned a "${name}" that is not the text of a header`);
    }
    entries.set(name.toLowerCase(), value);
  }
  return [...entries];
}

/** `Headers` of any implementation (the platform's, undici's, node-fetch's), recognized by their iterator. */
function isIterable(value: object): value is Iterable<readonly [string, unknown]> {
  return Symbol.iterator in value;
}
