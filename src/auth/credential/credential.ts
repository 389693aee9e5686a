// SPDX-License-Identifier: Apache-2.0

import { codePointOf } from "../../names/odd-name.js";
import type { HeaderEntries } from "../../transport/call/unary-request.js";
import type { TokenFunction, TokenRequest } from "../options.js";

/** How to give a credential of some kind another scope; selects the advice in an error. */
export type ScopeAdvice = "login" | "option" | "instance" | "mint" | "key";

/** The headers that authorize a call. */
export interface CredentialHeaders {
  readonly entries: HeaderEntries;
  /** Whether another call can use them. False if only the credential knows; then it is asked again. */
  isFresh(): boolean;
}

/** One way to authorize calls. Independent of transports, retries and concurrent calls. */
export interface Credential {
  /** What it is, for errors: "an API key". Never a value; the exact kind may be known only after the first use. */
  readonly kind: string;
  readonly advice: ScopeAdvice;
  /** The universe domain that it belongs to; undefined when it has none. May have to load it first. */
  universe(request: TokenRequest): Promise<string | undefined>;
  /** The headers that authorize a call. With `refresh`, after discarding the rejected token. */
  headers(request: TokenRequest): Promise<CredentialHeaders>;
  /** Whether `refresh` can change anything. Known once headers were returned. */
  isRefreshable(): boolean;
  /** Secret values that it holds, to redact from error messages. */
  secrets(): readonly string[];
}

/** A token that the caller got elsewhere. */
export function tokenCredential(token: string): Credential {
  return {
    kind: "an access token, given as text",
    advice: "mint",
    universe: async () => undefined,
    headers: async () => ({ entries: [["authorization", `Bearer ${token}`]], isFresh: () => true }),
    isRefreshable: () => false,
    secrets: () => [token],
  };
}

/** An API key: it names a project, not a caller. */
export function apiKeyCredential(apiKey: string): Credential {
  return {
    kind: "an API key",
    advice: "key",
    universe: async () => undefined,
    headers: async () => ({ entries: [["x-goog-api-key", apiKey]], isFresh: () => true }),
    isRefreshable: () => false,
    secrets: () => [apiKey],
  };
}

/** A function of the caller that returns tokens. */
export function functionCredential(getToken: TokenFunction): Credential {
  return {
    kind: "a token function",
    advice: "mint",
    universe: async () => undefined,
    headers: async (request) => {
      const token: unknown = await getToken(request);
      const problem = problemOfCredentialText(token);
      if (problem !== undefined) throw new Error(`the token that the function returned ${problem}`);
      return { entries: [["authorization", `Bearer ${String(token)}`]], isFresh: () => false };
    },
    isRefreshable: () => true,
    secrets: () => [],
  };
}

/**
 * Why a text cannot be sent as a credential in a header, as a clause that follows the option's name; undefined if it
 * can. `Headers` would reject it as well, but quotes the text in its error; this clause never does.
 */
export function problemOfCredentialText(value: unknown): string | undefined {
  if (typeof value !== "string") return `is not a string but ${value === null ? "null" : typeof value}`;
  if (value === "") return "is empty";
  if (value.startsWith("\ufeff")) return "begins with a byte order mark; save it as UTF-8 without one";
  if (/^\s*[{[]/.test(value)) {
    return "is JSON, not a token: of what an OAuth endpoint returned pass access_token; for a key or a login set GOOGLE_APPLICATION_CREDENTIALS to the path of its file";
  }
  if (/^\s*-----BEGIN/.test(value)) return "is a private key or a certificate, not a token";
  if (/^\s*</.test(value)) return "is an HTML or XML page, not a token";
  if (/^\s*Bearer\s/i.test(value)) return "begins with Bearer; expected the token alone";
  if (/^\s*["']/.test(value)) return "is in quotation marks; expected the token alone";
  const at = value.search(/[^!-~]/);
  if (at < 0) return undefined;
  const hint = /^[!-~]+\s+$/.test(value) ? ": white space at the end, as of a text read from a file" : "";
  return `has a character that no credential has (${codePointOf(value.slice(at))} at ${at})${hint}`;
}
