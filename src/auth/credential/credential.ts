// SPDX-License-Identifier: Apache-2.0

import { headerFlaw } from "../auth-header.js";
import type { TokenFunction, TokenRequest } from "../options.js";

/** How a credential of some kind comes by another scope: which advice an error gives. */
export type ScopeAdvice = "login" | "option" | "instance" | "mint" | "key";

/** One way to authorize calls. Knows nothing of transports, retries or other calls under way. */
export interface Credential {
  /** What it is, for errors: "an API key". Never a value; the exact kind may be known only after the first use. */
  readonly kind: string;
  readonly advice: ScopeAdvice;
  /** The universe domain that it belongs to; undefined when it has none. May have to load it first. */
  universe(request: TokenRequest): Promise<string | undefined>;
  /** The headers that authorize a call. With `refresh`, after getting rid of the token that was refused. */
  headers(request: TokenRequest): Promise<Headers>;
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
    headers: async () => new Headers({ authorization: `Bearer ${token}` }),
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
    headers: async () => new Headers({ "x-goog-api-key": apiKey }),
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
      const flaw = headerFlaw(token);
      if (flaw !== undefined) throw new Error(`the token that the function answered ${flaw}`);
      return new Headers({ authorization: `Bearer ${String(token)}` });
    },
    isRefreshable: () => true,
    secrets: () => [],
  };
}
