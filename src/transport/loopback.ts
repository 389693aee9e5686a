// SPDX-License-Identifier: Apache-2.0
import type { LookupFunction } from "node:net";
import {
  type ContextKey,
  type ContextValues,
  createContextKey,
  createContextValues,
} from "@connectrpc/connect";

const NAMES = /^(?:.+\.)?localhost$/;

/** Whether a host, as URLs have it, is a name of this machine: `localhost` or below it (RFC 6761, section 6.3). */
export function isLoopbackName(hostname: string): boolean {
  return NAMES.test(hostname);
}

/**
 * A loopback address responds at once or not at all. After the 250 ms that Node gives each address but the last, a process that
 * was busy meanwhile would go on to `::1`, where a server on 127.0.0.1 does not listen (docs/upstream.md).
 */
const LOOPBACK_ATTEMPT_MS = 10_000;

interface AddressOptions {
  readonly lookup?: LookupFunction;
  readonly autoSelectFamilyAttemptTimeout?: number;
}

/**
 * The options of `net.connect` that say how a host is looked up, and how long each of its addresses is tried. A name of this
 * machine is always one of its loopback addresses, whatever DNS or a hosts file says; IPv4 first. For every other host: none.
 */
export function addressOptions(hostname: string): AddressOptions {
  if (!isLoopbackName(hostname)) return {};
  return { lookup: lookupLoopback, autoSelectFamilyAttemptTimeout: LOOPBACK_ATTEMPT_MS };
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

/**
 * Set to true by a transport that resolves `localhost` and `*.localhost` itself, and so connects such a host to a
 * loopback address whatever DNS says. Read by whoever is about to add a credential to a call over plain http: without
 * it, only a literal loopback address (127.0.0.0/8, `[::1]`) is known to be this machine.
 */
export const LOOPBACK_RESOLVED: ContextKey<boolean> = createContextKey<boolean>(false, {
  description: "longrunning: names of this machine are connected to a loopback address",
});

/**
 * The context values of a call on such a transport: the caller's, with {@link LOOPBACK_RESOLVED} on top. The caller's own
 * object is left alone, since it may go to another transport next.
 */
export function withLoopbackResolved(values: ContextValues = createContextValues()): ContextValues {
  const own = createContextValues().set(LOOPBACK_RESOLVED, true);
  const ownerOf = (key: ContextKey<unknown>) => (key.id === LOOPBACK_RESOLVED.id ? own : values);
  const merged: ContextValues = {
    get: (key) => ownerOf(key).get(key),
    set: (key, value) => {
      ownerOf(key).set(key, value);
      return merged;
    },
    delete: (key) => {
      ownerOf(key).delete(key);
      return merged;
    },
  };
  return merged;
}
