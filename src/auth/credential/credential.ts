// SPDX-License-Identifier: Apache-2.0

import type { HeaderEntries } from "../../transport/call/unary-request.js";
import { problemOfCredentialText } from "../auth-header.js";
import type { TokenFunction, TokenRequest } from "../options.js";

/** How a credential of some kind comes by another scope: which advice an error gives. */
export type ScopeAdvice = "login" | "option" | "instance" | "mint" | "key";

/** What authorizes a call. */
export interface CredentialHeaders {
  readonly entries: HeaderEntries;
  /** Whether they still do for another call. False where only the credential knows, which is then asked again. */
  isFresh(): boolean;
}

/** One way to authorize calls. Knows nothing of transports, retries or other calls under way. */
export interface Credential {
  /** What it is, for errors: "an API key". Never a value; the exact kind may be known only after the first use. */
  readonly kind: string;
  readonly advice: ScopeAdvice;
  /** The universe domain that it belongs to; undefined when it has none. May have to load it first. */
  universe(request: TokenRequest): Promise<string | undefined>;
  /** The headers that authorize a call. With `refresh`, after getting rid of the token that was refused. */
  headers(request: TokenRequest): Promise<CredentialHeaders>;
  /** Whether `refresh` can change anything. Known once headers were answered. */
  isRefreshable(): boolean;
  /** Values that it is known to hold, to be struck from the texts of errors. */
  secrets(): readonly string[];
}

/** A token that the caller was given by someone else. */
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

/** A function of the caller's that answers tokens. */
export function functionCredential(answer: TokenFunction): Credential {
  return {
    kind: "a token function",
    advice: "mint",
    universe: async () => undefined,
    headers: async (request) => {
      const token: unknown = await answer(request);
      const problem = problemOfCredentialText(token);
      if (problem !== undefined) throw new Error(`the token that the function answered ${problem}`);
      return { entries: [["authorization", `Bearer ${String(token)}`]], isFresh: () => false };
    },
    isRefreshable: () => true,
    secrets: () => [],
  };
}
