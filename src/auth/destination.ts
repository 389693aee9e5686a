// SPDX-License-Identifier: Apache-2.0

import type { DescMethod } from "@bufbuild/protobuf";
import { Code, type ContextValues } from "@connectrpc/connect";
import { CallError } from "../errors/call-error.js";
import { selectorOf } from "../names/method-name.js";
import { LazyUnaryRequest } from "../transport/call/unary-request.js";
import { type Endpoint, parseBaseUrl } from "../transport/endpoint.js";
import { isLoopbackName, LOOPBACK_RESOLVED } from "../transport/loopback.js";

/** The parts of a call that decide whether it may carry a credential. */
export interface TargetedCall {
  /** The URL of the call, as an interceptor sees it. */
  readonly url: string;
  readonly method: DescMethod;
  readonly contextValues: ContextValues;
}

/**
 * Decides whether credentials may be sent to the server of a call: over TLS; in clear to this machine; and, when
 * `origins` are given, to one of those.
 *
 * In clear text an address is trusted, not a name, since DNS, a hosts file or a proxy can redirect a name: a literal
 * loopback address (127.0.0.0/8, `[::1]`), or `localhost` and its subdomains if the transport itself connects those to one.
 *
 * @returns the endpoint called.
 * @throws CallError with `requestSent: false`, before any credential is fetched.
 */
export type TargetCheck = (call: TargetedCall) => Endpoint;

/** Scheme and authority of most URLs; they determine the origin, whatever follows the slash. */
const ORIGIN_SHAPE = /^https?:\/\/[\w.:[\]-]+$/;

/** Creates the check for one interceptor. It caches the last origin, since most calls of a client go to the same one. */
export function createTargetCheck(origins: readonly string[] | undefined): TargetCheck {
  let last: { text: string; endpoint: Endpoint; isTrusted: boolean } | undefined;
  return (call) => {
    const text = LazyUnaryRequest.originOf(call) ?? originIn(call.url);
    if (last?.text === text && last.isTrusted) return last.endpoint;
    const endpoint = last?.text === text ? last.endpoint : parseTarget(call.url, origins, call.method);
    const isTrusted = endpoint.secure || (endpoint.loopback && !isLoopbackName(endpoint.hostname));
    if (!isTrusted) checkClearText(endpoint, call);
    if (ORIGIN_SHAPE.test(text)) last = { text, endpoint, isTrusted };
    return endpoint;
  };
}

/** Scheme and authority of a URL, not validated. */
function originIn(url: string): string {
  const end = url.indexOf("/", "https://".length);
  return end < 0 ? url : url.slice(0, end);
}

function parseTarget(url: string, origins: readonly string[] | undefined, method: DescMethod): Endpoint {
  const origin = /^https?:/i.test(url) && URL.canParse(url) ? new URL(url).origin : undefined;
  if (origin === undefined) throw notSent("the transport's URL is neither http nor https", method);
  if (origins !== undefined && !origins.includes(origin)) {
    throw notSent(`${origin} is called, and the credential is for ${origins.join(", ")} only`, method);
  }
  return parseBaseUrl(origin, { allowInsecure: true });
}

/** Checks a call that neither TLS nor a literal loopback address makes safe. */
function checkClearText({ origin, loopback }: Endpoint, call: TargetedCall): void {
  const { method } = call;
  if (!loopback) {
    const advice =
      "Use https (secure: true, for an encrypted channel of grpc-js), or leave auth out of this transport";
    throw notSent(`${origin} is neither https nor this machine. ${advice}`, method);
  }
  if (call.contextValues.get(LOOPBACK_RESOLVED)) return;
  const name = `${origin} is a name, and this transport does not say that it connects it to this machine`;
  throw notSent(`${name}. Use 127.0.0.1 or [::1] in its place, or https`, method);
}

function notSent(problem: string, method: DescMethod): CallError {
  return new CallError({
    code: Code.InvalidArgument,
    message: `no credential is sent: ${problem}`,
    method: selectorOf(method),
    requestSent: false,
  });
}

/** The universe of Google's public cloud: the default for credentials and endpoints. */
const PUBLIC_UNIVERSE = "googleapis.com";

/**
 * Refuses to send a credential of one universe to an endpoint of another: it would not authorize anything there, only
 * leak a secret.
 *
 * @param credential - the credential's universe domain; undefined if unknown, which is accepted.
 * @param configured - the `universeDomain` option. Without it the host decides: a host in the credential's universe
 * belongs to that universe, every other host to `googleapis.com`. This machine belongs to any.
 * @throws CallError with `requestSent: false`.
 */
export function checkUniverse(
  credential: string | undefined,
  configured: string | undefined,
  endpoint: Endpoint,
): void {
  if (credential === undefined) return;
  const isWithin = (universe: string) => `.${endpoint.hostname}`.endsWith(`.${universe}`);
  const expected = configured ?? (endpoint.loopback || isWithin(credential) ? credential : PUBLIC_UNIVERSE);
  const strays = expected !== PUBLIC_UNIVERSE && isWithin(PUBLIC_UNIVERSE);
  if (credential === expected && !strays) return;
  throw new CallError({
    code: Code.InvalidArgument,
    message:
      `no credential is sent: it is of the universe ${credential}, and ${endpoint.origin} ` +
      (strays ? `is of ${PUBLIC_UNIVERSE}` : `is taken to be of ${expected}`) +
      ". Use an endpoint and a credential of the same universe; universeDomain says which one an endpoint is of",
    requestSent: false,
  });
}
