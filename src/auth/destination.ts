// SPDX-License-Identifier: Apache-2.0
import { Code } from "@connectrpc/connect";
import { CallError } from "../errors/call-error.js";
import { type Endpoint, parseBaseUrl } from "../transport/endpoint.js";

/** Checks the target of one call; see {@link checkTarget}. */
export type TargetCheck = (url: string, method: string) => Endpoint;

/** Creates the check for one interceptor. It remembers the last URL: most calls of a client go to the same one. */
export function createTargetCheck(origins: readonly string[] | undefined): TargetCheck {
  let last: { url: string; endpoint: Endpoint } | undefined;
  return (url, method) => {
    if (last?.url !== url) last = { url, endpoint: checkTarget(url, origins, method) };
    return last.endpoint;
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
