// SPDX-License-Identifier: Apache-2.0

import type { DescMethod } from "@bufbuild/protobuf";
import { Code, type Interceptor, type Transport } from "@connectrpc/connect";
import { Operations } from "../../gen/google/longrunning/operations_pb.js";
import { loadAuthLibrary } from "../auth/credential/library.js";
import { type AuthChoice, authInterceptors } from "../auth/for-client.js";
import { CallError } from "../errors/call-error.js";
import { selectorOf } from "../names/method-name.js";
import { createRestTransport, type HttpOptions, type RestTransport } from "../transport/rest/transport.js";
import { AD_MANAGER_HTTP_RULES } from "./http-rules.js";
import { AD_MANAGER_METHOD_SCOPES } from "./scopes.js";

/** Ad Manager's endpoint. */
export const AD_MANAGER_BASE_URL = "https://admanager.googleapis.com";

/** Options of {@link createAdManagerTransport}. */
export interface AdManagerTransportOptions extends HttpOptions {
  /** Where to send the calls, as in `createRestTransport`. @default "https://admanager.googleapis.com" */
  readonly baseUrl?: string | undefined;
  /**
   * How calls are authorized: a client of google-auth-library or anything else with `getRequestHeaders`, a function that
   * returns access tokens, options as of `googleAuth`, or `false` for no credential. The credential goes to `baseUrl` only.
   * @default Application Default Credentials with the scope of each method; for a `baseUrl` on this machine, none
   */
  readonly auth?: AuthChoice | undefined;
  /** Interceptors for every attempt of every call; they come before the credential is added. @default [] */
  readonly interceptors?: readonly Interceptor[] | undefined;
}

/** Creates the transport of Ad Manager, which is REST only: its endpoint and its two rules for operations. */
export function createAdManagerTransport(options: AdManagerTransportOptions): RestTransport {
  const { auth, baseUrl = AD_MANAGER_BASE_URL, interceptors = [], ...http } = options;
  const credentials = authInterceptors(auth, {
    owner: "createAdManagerClient",
    baseUrl,
    methodScopes: AD_MANAGER_METHOD_SCOPES,
    load: loadAuthLibrary,
  });
  return createRestTransport({
    ...http,
    baseUrl,
    httpRules: AD_MANAGER_HTTP_RULES,
    interceptors: [...interceptors, ...credentials],
  });
}

/**
 * The transport, limited to the methods that Ad Manager has. ListOperations, DeleteOperation and WaitOperation fail with
 * `Unimplemented` before anything is sent; with the default bindings, the server would respond with a 404 page.
 */
export function boundMethodsOnly(transport: Transport): Transport {
  const bound = new Set(AD_MANAGER_HTTP_RULES.map((rule) => rule.selector));
  const isUnbound = (method: DescMethod) =>
    method.parent.typeName === Operations.typeName && !bound.has(selectorOf(method));
  return {
    unary: (method, ...call) =>
      isUnbound(method) ? Promise.reject(unboundError(method)) : transport.unary(method, ...call),
    stream: (method, ...call) => transport.stream(method, ...call),
  };
}

function unboundError(method: DescMethod): CallError {
  return new CallError({
    code: Code.Unimplemented,
    message:
      "nothing was sent: Ad Manager has no such method; for operations it only has GetOperation and CancelOperation",
    method: selectorOf(method),
    requestSent: false,
  });
}
