// SPDX-License-Identifier: Apache-2.0

/** The target of a request, still percent-encoded. */
export interface RequestTarget {
  readonly path: string;
  /** Without the `?`; empty if there is none. */
  readonly query: string;
}

/** The origin in front of the path, which a server must accept (RFC 9112, section 3.2.2). */
const ORIGIN = /^https?:\/\/[^/?#]*/i;

/** Splits a request target. A URL parser would collapse dot segments and re-encode it. */
export function parseTarget(target: string): RequestTarget {
  const local = target.startsWith("/") ? target : target.replace(ORIGIN, "");
  const at = local.indexOf("?");
  return at < 0 ? { path: local, query: "" } : { path: local.slice(0, at), query: local.slice(at + 1) };
}
