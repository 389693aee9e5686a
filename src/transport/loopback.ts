// SPDX-License-Identifier: Apache-2.0
import type { LookupFunction } from "node:net";

const NAMES = /^(?:.+\.)?localhost$/;

/** Whether a host, as URLs have it, is a name of this machine: `localhost` or below it (RFC 6761, section 6.3). */
export function isLoopbackName(hostname: string): boolean {
  return NAMES.test(hostname);
}

/**
 * The `lookup` of `net.connect` for a host. A name of this machine is always one of its loopback addresses, whatever DNS
 * or a hosts file says; IPv4 first. For every other host: `undefined`, which is the platform's own.
 */
export function lookupFor(hostname: string): LookupFunction | undefined {
  return isLoopbackName(hostname) ? lookupLoopback : undefined;
}

/**
 * A loopback address responds at once or not at all. After the 250 ms that Node gives each address but the last, a process that
 * was busy meanwhile would go on to `::1`, where a server on 127.0.0.1 does not listen (docs/upstream.md).
 */
const LOOPBACK_ATTEMPT_MS = 10_000;

/** The options of `net.connect` that say how a host is looked up, and how long each of its addresses is tried. */
export function addressOptions(hostname: string) {
  return {
    lookup: lookupFor(hostname),
    ...(isLoopbackName(hostname) && { autoSelectFamilyAttemptTimeout: LOOPBACK_ATTEMPT_MS }),
  };
}

const ADDRESSES = [
  { address: "127.0.0.1", family: 4 },
  { address: "::1", family: 6 },
] as const;

const lookupLoopback: LookupFunction = (_hostname, { all, family }, callback) => {
  const isIPv6 = family === 6 || family === "IPv6";
  const { address, family: version } = ADDRESSES[isIPv6 ? 1 : 0];
  // Never within the turn, as with `dns.lookup`.
  queueMicrotask(() => (all === true ? callback(null, [...ADDRESSES]) : callback(null, address, version)));
};
