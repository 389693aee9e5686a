// SPDX-License-Identifier: Apache-2.0
import { Code } from "@connectrpc/connect";
import { CallError } from "../errors/call-error.js";
import type { Endpoint } from "../transport/endpoint.js";

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
