// SPDX-License-Identifier: Apache-2.0
import { toCallError } from "../errors/call-error.js";
import { selectorOf } from "../names/method-name.js";
import { untilAborted } from "../time/abortable.js";
import type { Endpoint } from "../transport/endpoint.js";
import { createGrants, type FetchHeaders, type Grant } from "./auth-grants.js";
import { checkUniverse } from "./auth-universe.js";
import type { Credential } from "./credential/credential.js";
import { notAuthorized } from "./error/call-errors.js";
import type { AnyRequest } from "./request.js";
import type { AuthSetup } from "./resolve-options.js";
import { scopesOf } from "./scopes.js";

/**
 * Gets what authorizes a call: at once from a credential that has a fresh token, else from a fetch that calls under way
 * share. With `refused`, something newer than that.
 *
 * @throws CallError with `requestSent: false`. An abort of the call rejects in its own turn; the fetch goes on for the
 * other calls.
 */
export type Authorize = (req: AnyRequest, endpoint: Endpoint, refused?: Grant) => Promise<Grant>;

/** Creates the function that authorizes all calls of one interceptor. */
export function createAuthorizer(credential: Credential, setup: AuthSetup): Authorize {
  const grants = createGrants();
  return async (req, endpoint, refused) => {
    const method = selectorOf(req.method);
    const scopes = scopesOf(req.method, setup);
    const fetchHeaders: FetchHeaders = async (refresh) => {
      const request = { url: `${endpoint.origin}/`, scopes: scopes.wanted, refresh };
      checkUniverse(await credential.universe(request), setup.universeDomain, endpoint);
      return credential.headers(request);
    };
    const key = `${endpoint.origin} ${scopes.wanted.join(" ")}`;
    try {
      if (req.signal.aborted) throw req.signal.reason;
      const grant = refused ? grants.renew(key, refused, fetchHeaders) : grants.get(key, fetchHeaders);
      return await untilAborted(grant, req.signal);
    } catch (error) {
      if (req.signal.aborted) throw toCallError(req.signal.reason, { method, requestSent: false });
      throw notAuthorized(error, credential, scopes, method);
    }
  };
}
