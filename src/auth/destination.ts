// SPDX-License-Identifier: Apache-2.0

import type { DescMethod } from "@bufbuild/protobuf";
import { Code } from "@connectrpc/connect";
import { CallError } from "../errors/call-error.js";
import { selectorOf } from "../names/method-name.js";
import { type Endpoint, parseBaseUrl } from "../transport/endpoint.js";

/** Checks the target of one call; see {@link checkTarget}. */
export type TargetCheck = (url: string, method: DescMethod) => Endpoint;

/** Scheme and authority of most URLs: whatever follows a slash, they alone decide on the origin. */
const ORIGIN_SHAPE = /^https?:\/\/[\w.:[\]-]+$/;

/** Creates the check for one interceptor. It remembers the last origin: most calls of a client go to the same one. */
export function createTargetCheck(origins: readonly string[] | undefined): TargetCheck {
  let last: { origin: string; endpoint: Endpoint } | undefined;
  return (url, method) => {
    const end = url.indexOf("/", "https://".length);
    const origin = end < 0 ? url : url.slice(0, end);
    if (last?.origin === origin) return last.endpoint;
    const endpoint = checkTarget(url, origins, selectorOf(method));
    if (ORIGIN_SHAPE.test(origin)) last = { origin, endpoint };
    return endpoint;
  };
}

/**
 * Decides whether credentials may be sent to the server of a call: over TLS or to this machine, and, when `origins` are
 * given, to one of those.
 *
 * @param url - the URL of the call, as an interceptor sees it.
 * @returns the endpoint called.
 * @throws CallError with `requestSent: false`, before any credential is asked for.
 */
function checkTarget(url: string, origins: readonly string[] | undefined, method: string): Endpoint {
  const refuse = (problem: string) =>
    new CallError({
      code: Code.InvalidArgument,
      message: `no credential is sent: ${problem}`,
      method,
      requestSent: false,
    });
  const origin = /^https?:/i.test(url) && URL.canParse(url) ? new URL(url).origin : undefined;
  if (origin === undefined) throw refuse("the transport's URL is neither http nor https");
  const endpoint = parseBaseUrl(origin, { allowInsecure: true });
  if (!endpoint.secure && !endpoint.loopback) {
    throw refuse(
      `${origin} is neither https nor this machine. Use https, or leave auth out of this transport`,
    );
  }
  if (origins !== undefined && !origins.includes(origin)) {
    throw refuse(`${origin} is called, and the credential is for ${origins.join(", ")} only`);
  }
  return endpoint;
}

/** The universe of Google's public cloud: whatever does not say otherwise belongs to it. */
const PUBLIC_UNIVERSE = "googleapis.com";

/**
 * Refuses to send a credential of one universe to an endpoint of another: what signs in one Google cloud is nothing but
 * a leaked secret in the next.
 *
 * @param credential - the credential's universe domain; undefined when it does not say, which is let through.
 * @param configured - the `universeDomain` option. Without it the host tells: a host in the credential's universe
 * belongs to that one, every other one to `googleapis.com`. This machine belongs to any.
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
