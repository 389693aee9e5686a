// SPDX-License-Identifier: Apache-2.0
import type { DescMethod } from "@bufbuild/protobuf";
import { toCallError } from "../errors/call-error.js";
import { rememberTexts } from "../errors/sent-secrets.js";
import { selectorOf } from "../names/method-name.js";
import type { Abort } from "../transport/call/abort.js";
import type { HeaderEntries } from "../transport/call/unary-request.js";
import type { Endpoint } from "../transport/endpoint.js";
import type { Credential, CredentialHeaders } from "./credential/credential.js";
import { checkUniverse } from "./destination.js";
import { notAuthorized } from "./error/call-errors.js";
import type { AuthSetup } from "./resolve-options.js";
import { scopesOf } from "./scopes.js";

/** Headers that authorize calls, and the number of rejections before they were fetched. */
export interface Grant extends CredentialHeaders {
  readonly generation: number;
}

/** A call that needs a credential. */
export interface UnauthorizedCall {
  readonly method: DescMethod;
  readonly endpoint: Endpoint;
  readonly abort: Abort;
}

/**
 * Gets the headers that authorize a call: synchronously from the cache while they are fresh, otherwise a promise of a
 * fetch shared by the pending calls. With `rejected`, always newer headers than those.
 *
 * The promise rejects with a CallError, `requestSent: false`; on abort it rejects in the same turn, while the fetch
 * continues for the other calls.
 */
export type Authorize = (call: UnauthorizedCall, rejected?: Grant) => Grant | Promise<Grant>;

/** Creates the function that authorizes all calls of one interceptor. */
export function createAuthorizer(credential: Credential, setup: AuthSetup): Authorize {
  const keys = new WeakMap<DescMethod, { readonly origin: string; readonly key: string }>();
  const pending = new Map<string, Promise<Grant>>();
  const held = new Map<string, Grant>();
  const generations = new Map<string, number>();

  /** What calls share headers by: the origin and the scopes. Most calls of a method go to one origin. */
  const keyOf = ({ method, endpoint: { origin } }: UnauthorizedCall) => {
    let known = keys.get(method);
    if (known?.origin !== origin) {
      known = { origin, key: `${origin} ${scopesOf(method, setup).wanted.join(" ")}` };
      keys.set(method, known);
    }
    return known.key;
  };

  /** Fetches headers. Later calls share the promise until it settles, then the headers while they are fresh. */
  const fetchGrant = (key: string, { method, endpoint }: UnauthorizedCall, refresh: boolean) => {
    const request = { url: `${endpoint.origin}/`, scopes: scopesOf(method, setup).wanted, refresh };
    const generation = generations.get(key) ?? 0;
    const fetching = async (): Promise<Grant> => {
      checkUniverse(await credential.universe(request), setup.universeDomain, endpoint);
      const { entries, isFresh } = await credential.headers(request);
      rememberTexts(credential.secrets());
      return { entries: withQuotaProject(entries, setup.quotaProject), isFresh, generation };
    };
    held.delete(key);
    const grant = fetching()
      .then((fetched) => {
        if (pending.get(key) === grant) held.set(key, fetched);
        return fetched;
      })
      .finally(() => {
        if (pending.get(key) === grant) pending.delete(key);
      });
    pending.set(key, grant);
    return grant;
  };

  const inTime = async (call: UnauthorizedCall, grant: () => Promise<Grant>): Promise<Grant> => {
    const method = selectorOf(call.method);
    try {
      return await untilAborted(grant, call.abort);
    } catch (error) {
      if (call.abort.aborted) throw toCallError(call.abort.reason, { method, requestSent: false });
      throw notAuthorized(error, credential, scopesOf(call.method, setup), method);
    }
  };

  return (call, rejected) => {
    const key = keyOf(call);
    const generation = generations.get(key) ?? 0;
    // Of all calls that were rejected with the same headers, the first refreshes them.
    const refresh = rejected !== undefined && rejected.generation >= generation;
    if (refresh) generations.set(key, generation + 1);
    const fresh = refresh ? undefined : held.get(key);
    if (fresh?.isFresh()) return fresh;
    return inTime(call, () => (refresh ? undefined : pending.get(key)) ?? fetchGrant(key, call, refresh));
  };
}

/** Settles like the promise of `start`, or rejects in the same turn on abort; an aborted call starts nothing. */
function untilAborted<T>(start: () => Promise<T>, abort: Abort): Promise<T> {
  return new Promise((resolve, reject) => {
    if (abort.aborted) {
      reject(abort.reason);
      return;
    }
    const stopListening = abort.listen(() => reject(abort.reason));
    start().then(resolve, reject).finally(stopListening);
  });
}

/** The quota project in the options takes precedence over the one in the credential. */
function withQuotaProject(entries: HeaderEntries, quotaProject: string | undefined): HeaderEntries {
  if (quotaProject === undefined) return entries;
  const name = "x-goog-user-project";
  return [...entries.filter(([given]) => given !== name), [name, quotaProject]];
}
