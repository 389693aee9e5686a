// SPDX-License-Identifier: Apache-2.0
import type { Interceptor } from "@connectrpc/connect";
import { checkObject } from "../errors/options.js";
import { parseBaseUrl } from "../transport/endpoint.js";
import type { LoadAuthLibrary } from "./credential/application-default.js";
import { authInterceptor } from "./interceptor.js";
import type { AuthOptions, RequestHeaderSource, TokenFunction } from "./options.js";
import { isRequestHeaderSource } from "./resolve-options.js";

/** The `auth` option of a client of one API: the credential itself, options, or `false` to send no credential. */
export type AuthChoice = false | RequestHeaderSource | TokenFunction | AuthOptions;

/** Options of {@link authInterceptors}. */
export interface AuthChoiceOptions {
  /** The function that the option was passed to, for errors. */
  readonly owner: string;
  /** The client's endpoint: the only origin that the credential may go to, unless the option names others. */
  readonly baseUrl: string;
  /** The scopes that the API's methods accept; see {@link AuthOptions.methodScopes}. */
  readonly methodScopes: Readonly<Record<string, readonly string[]>>;
  readonly load: LoadAuthLibrary;
}

/**
 * The interceptors for a client's `auth` option. The default is Application Default Credentials; an emulator on this
 * machine gets a credential only when one is given.
 *
 * @throws CallError `InvalidArgument` when the option is not usable.
 */
export function authInterceptors(choice: AuthChoice | undefined, options: AuthChoiceOptions): Interceptor[] {
  const endpoint = parseBaseUrl(options.baseUrl, { allowInsecure: true });
  if (choice === false || (choice === undefined && endpoint.loopback)) return [];
  if (choice !== undefined && typeof choice !== "function") checkObject(`${options.owner}: auth`, choice);
  const given: AuthOptions =
    typeof choice === "function" || isRequestHeaderSource(choice) ? { auth: choice } : (choice ?? {});
  const { origins = endpoint.origin, methodScopes = options.methodScopes } = given;
  return [authInterceptor({ ...given, origins, methodScopes }, options.load, `${options.owner}: auth`)];
}
