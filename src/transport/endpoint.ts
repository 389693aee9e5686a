// SPDX-License-Identifier: Apache-2.0
import { invalidOption } from "../errors/options.js";
import { isLoopbackName } from "./loopback.js";

/** Where calls go: a base URL, parsed and checked. */
export interface Endpoint {
  /** Scheme, host and port as in a URL, without a trailing slash: `https://example.com`, `http://[::1]:8080`. */
  readonly origin: string;
  /** The path in front of every request's path, without a trailing slash: `/prefix`, or the empty string. */
  readonly prefix: string;
  /** The host alone, without the port: lower case, IPv6 in brackets, IPv4 in its usual four parts. */
  readonly hostname: string;
  /** Whether calls go over TLS: the scheme is `https`. */
  readonly secure: boolean;
  /** Whether the host is this machine: `localhost`, `*.localhost`, 127.0.0.0/8 or `[::1]`. */
  readonly loopback: boolean;
}

/** Options of {@link parseBaseUrl}. */
export interface EndpointOptions {
  /** Allows `http:` to a host that is not this machine. @default false */
  readonly allowInsecure?: boolean | undefined;
  /** The option that the text was given as, for errors. @default "baseUrl" */
  readonly name?: string | undefined;
}

/** Scheme, authority, and the rest up to a query or fragment, each as it was written. */
const SHAPE = /^(https?):\/\/([^/?#\\]+)([^?#]*)([?#]?)/i;
const LOOPBACK_ADDRESS = /^(?:127\.\d+\.\d+\.\d+|\[::1\])$/;

/**
 * Parses and checks the `baseUrl` of a transport: `https://host[:port][/prefix]`, or `http:` to this machine.
 *
 * The URL parser of the platform repairs what it is given (it collapses dot segments, drops tabs, turns backslashes into
 * slashes), so the text is checked as it was written, too.
 *
 * @throws TypeError when the text is anything else: credentials, a query or a
 * fragment, another scheme, dot segments, or `http:` to another machine without `allowInsecure`. The message never
 * repeats credentials or a query.
 */
export function parseBaseUrl(baseUrl: string, options: EndpointOptions = {}): Endpoint {
  const { name = "baseUrl" } = options;
  const badBaseUrl = (problem: string, got?: string) =>
    invalidOption(
      `${name}: ${problem} (${got === undefined ? "" : `got ${got}; `}expected https://host[:port][/prefix])`,
    );
  if (typeof baseUrl !== "string") throw badBaseUrl("is not a string", typeof baseUrl);
  if (baseUrl === "") throw badBaseUrl("is empty");
  const [, , authority = "", path = "", tail] = SHAPE.exec(baseUrl) ?? [];
  if (authority === "") throw badBaseUrl("does not begin with https:// (or http://) and a host");
  if (authority.includes("@")) throw badBaseUrl("has credentials in it: pass them through an interceptor");
  if (tail === "?") throw badBaseUrl("has a query");
  if (tail === "#") throw badBaseUrl("has a fragment");
  if (!/^[!-~]*$/.test(path) || path.includes("\\")) {
    throw badBaseUrl("has a character in its path that must be percent-encoded");
  }
  if (/^[^!-~]|[\s\p{Cc}]/u.test(authority) || !URL.canParse(baseUrl))
    throw badBaseUrl("has no valid host and port");
  const prefix = withoutTrailingSlashes(path);
  const unstable = prefix.slice(1).split("/").find(isUnstableSegment);
  if (prefix !== "" && unstable !== undefined) {
    throw badBaseUrl(unstable === "" ? "has an empty segment in its path" : "has a dot segment in its path");
  }

  const { protocol, hostname, origin } = new URL(baseUrl);
  const secure = protocol === "https:";
  const loopback = isLoopback(hostname);
  if (!secure && !loopback && options.allowInsecure !== true) {
    throw invalidOption(
      `${name}: plain http to a host that is not this machine (got ${origin}; expected https, or allowInsecure: true to ` +
        "send names, payloads and credentials unencrypted)",
    );
  }
  return { origin, prefix, hostname, secure, loopback };
}

/** Whether a host, as URLs have it, is this machine. */
export function isLoopback(hostname: string): boolean {
  return isLoopbackName(hostname) || LOOPBACK_ADDRESS.test(hostname);
}

/** Host and port of a URL as `net.connect` takes them: without brackets, and the scheme's own port where it says none. */
export function addressOf(url: string): { readonly host: string; readonly port: number } {
  const { protocol, hostname, port } = new URL(url);
  const schemePort = protocol === "https:" ? 443 : 80;
  return { host: withoutBrackets(hostname), port: port === "" ? schemePort : Number(port) };
}

/** A host as DNS and sockets have it: URLs put IPv6 in brackets. */
export function withoutBrackets(host: string): string {
  return host.replace(/^\[(.*)\]$/, "$1");
}

/** Segments that a server, a proxy or a URL parser may fold into their neighbours. */
function isUnstableSegment(segment: string): boolean {
  const decoded = segment.replace(/%2e/gi, ".");
  return decoded === "" || decoded === "." || decoded === "..";
}

/** The URL itself is not quoted: it may have credentials in it. */
function withoutTrailingSlashes(path: string): string {
  let end = path.length;
  while (path[end - 1] === "/") end -= 1;
  return path.slice(0, end);
}
