// SPDX-License-Identifier: Apache-2.0

import { checkObject, invalidOption, rejectUnknownKeys } from "../errors/options.js";
import { parseBaseUrl } from "../transport/endpoint.js";
import { problemOfCredentialText } from "./credential/credential.js";
import type { AuthOptions, RequestHeaderSource, TokenFunction } from "./options.js";

/** The credential that the options select. */
export type CredentialChoice =
  | { readonly kind: "default" }
  | { readonly kind: "source"; readonly source: RequestHeaderSource }
  | { readonly kind: "function"; readonly token: TokenFunction }
  | { readonly kind: "token"; readonly token: string }
  | { readonly kind: "api-key"; readonly apiKey: string };

/** {@link AuthOptions}, checked and complete. */
export interface AuthSetup {
  readonly credential: CredentialChoice;
  /** If undefined, the scopes depend on the method. */
  readonly scopes: readonly string[] | undefined;
  readonly methodScopes: ReadonlyMap<string, readonly string[]>;
  readonly quotaProject: string | undefined;
  readonly universeDomain: string | undefined;
  /** If undefined, every origin is allowed. */
  readonly origins: readonly string[] | undefined;
}

const OPTION_KEYS = {
  auth: true,
  token: true,
  apiKey: true,
  scopes: true,
  methodScopes: true,
  quotaProject: true,
  universeDomain: true,
  origins: true,
} as const satisfies Record<keyof AuthOptions, true>;

/**
 * Checks the options of the auth interceptor.
 *
 * @param owner - the function that the options were passed to, for errors.
 * @throws CallError `InvalidArgument` with the option's name, and its value unless it is a credential.
 */
export function parseAuthOptions(owner: string, options: AuthOptions): AuthSetup {
  rejectUnknownKeys(owner, options, OPTION_KEYS);
  const { methodScopes = {} } = options;
  checkObject(`${owner}: methodScopes`, methodScopes);
  return {
    credential: chosen(owner, options),
    scopes: options.scopes === undefined ? undefined : scopeList(`${owner}: scopes`, options.scopes),
    methodScopes: new Map(
      Object.entries(methodScopes).map(([selector, scopes]) => [
        selector,
        scopeList(`${owner}: methodScopes of ${selector}`, scopes),
      ]),
    ),
    quotaProject: matching(
      `${owner}: quotaProject`,
      options.quotaProject,
      /^[a-z0-9][a-z0-9.:-]*$/,
      'a project id or number, as in "my-project-1"',
    ),
    universeDomain: matching(
      `${owner}: universeDomain`,
      options.universeDomain,
      /^[a-z0-9-]+(?:\.[a-z0-9-]+)+$/,
      'a domain, as in "googleapis.com"',
    ),
    origins: options.origins === undefined ? undefined : originList(`${owner}: origins`, options.origins),
  };
}

function chosen(owner: string, options: AuthOptions): CredentialChoice {
  const { auth, token, apiKey } = options;
  const given = (["auth", "token", "apiKey"] as const).filter((name) => options[name] !== undefined);
  if (given.length > 1)
    throw invalidOption(`${owner}: ${given.join(" and ")} are both given; expected one credential`);
  if (token !== undefined) {
    const problem =
      problemOfCredentialText(token) ??
      (/^bearer /i.test(token) ? 'begins with "Bearer": give the token alone' : undefined);
    if (problem !== undefined) throw invalidOption(`${owner}: token ${problem}`);
    return { kind: "token", token };
  }
  if (apiKey !== undefined) {
    const problem = problemOfCredentialText(apiKey);
    if (problem !== undefined) throw invalidOption(`${owner}: apiKey ${problem}`);
    return { kind: "api-key", apiKey };
  }
  if (auth === undefined) return { kind: "default" };
  if (typeof auth === "function") return { kind: "function", token: auth };
  if (isRequestHeaderSource(auth)) return { kind: "source", source: auth };
  const what = typeof auth === "string" ? "a string" : auth === null ? "null" : `of type ${typeof auth}`;
  throw invalidOption(
    `${owner}: auth is ${what}; expected an object with getRequestHeaders, or a function that returns a token` +
      (typeof auth === "string" ? "; pass text as token or as apiKey" : ""),
  );
}

/** Whether a value has `getRequestHeaders`. */
export function isRequestHeaderSource(value: unknown): value is RequestHeaderSource {
  return (
    typeof value === "object" &&
    value !== null &&
    "getRequestHeaders" in value &&
    typeof value.getRequestHeaders === "function"
  );
}

function scopeList(name: string, scopes: unknown): readonly string[] {
  const list: readonly unknown[] = Array.isArray(scopes) ? [...scopes] : [scopes];
  if (list.length === 0)
    throw invalidOption(`${name} is an empty list; leave it out to ask for what the method needs`);
  return list.map((scope) => {
    // RFC 6749 section 3.3, but no comma: a scope with one is a list passed as a single string.
    if (typeof scope === "string" && /^[!#-+\--[\]-~]+$/.test(scope)) return scope;
    throw invalidOption(
      `${name} has ${typeof scope === "string" ? JSON.stringify(scope) : `a value of type ${typeof scope}`}; expected one scope each, without spaces and commas`,
    );
  });
}

function originList(name: string, origins: unknown): readonly string[] {
  const list: readonly unknown[] = Array.isArray(origins) ? [...origins] : [origins];
  if (list.length === 0) throw invalidOption(`${name} is an empty list, which lets no call through`);
  return list.map((text) => {
    if (typeof text !== "string")
      throw invalidOption(`${name} has a value of type ${typeof text}; expected https://host[:port]`);
    const { origin, prefix } = parseBaseUrl(text, { name });
    if (prefix !== "") throw invalidOption(`${name} has ${origin} with a path; expected https://host[:port]`);
    return origin;
  });
}

function matching(name: string, value: unknown, form: RegExp, expected: string): string | undefined {
  if (value === undefined) return undefined;
  if (typeof value === "string" && form.test(value)) return value;
  throw invalidOption(
    `${name} is ${typeof value === "string" ? JSON.stringify(value) : `of type ${typeof value}`}; expected ${expected}`,
  );
}
