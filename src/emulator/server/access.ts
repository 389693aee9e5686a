// SPDX-License-Identifier: Apache-2.0
import { isIP } from "node:net";
import { Code, type ConnectError } from "@connectrpc/connect";
import { httpError } from "./http-error.js";
import type { ServerRequest } from "./http-servers.js";

/** Who may send requests. */
export interface AccessOptions {
  /** The address listened on. */
  readonly host: string;
  /** Additional host names that requests may use. */
  readonly allowHosts: readonly string[];
  /** Origins of pages that may send requests, besides those of this machine; `*` allows any. */
  readonly allowOrigins: readonly string[];
}

/** The parts of a request that identify its target and its origin. */
export interface RequestHead {
  readonly httpVersion: string;
  /** In the form of node:http: name, value, name, value. */
  readonly rawHeaders: readonly string[];
  readonly target: string;
}

const LOOPBACK_NAME = /^(?:[a-z0-9-]+\.)*localhost$/;
/** Authority of an absolute request target, which replaces `Host` (RFC 9112, section 3.2.2). */
const TARGET_AUTHORITY = /^https?:\/\/([^/?#]*)/i;

/** A name or an address, and a port. */
const AUTHORITY = /^(?:\[[0-9a-f:.]+\]|[\w.-]*)(?::\d*)?$/;

/** The head of a request. */
export function headOf({ httpVersion, rawHeaders, url = "" }: ServerRequest): RequestHead {
  return { httpVersion, rawHeaders, target: url };
}

/**
 * Why a request is rejected before it is read; `undefined` if it is allowed. A web page must not reach this server from
 * a foreign origin, nor through its own host name that resolves to this machine (DNS rebinding).
 */
export function accessError(head: RequestHead, options: AccessOptions): ConnectError | undefined {
  const identity = identityOf(head);
  return versionError(head, identity) ?? hostError(head, identity, options) ?? originError(identity, options);
}

/** Whether a page of this origin may read responses. */
export function isAllowedOrigin(origin: string, host: string, { allowOrigins }: AccessOptions): boolean {
  if (allowOrigins.includes("*") || allowOrigins.includes(origin)) return true;
  const authority = /^https?:\/\/([^/]+)$/.exec(origin)?.[1];
  return authority !== undefined && (authority === host || isLoopback(hostNameOf(authority)));
}

/** The host that a request is for, in lower case. */
export function hostOf(head: RequestHead): string {
  return identityOf(head).host;
}

function versionError({ httpVersion }: RequestHead, { isFramed }: Identity): ConnectError | undefined {
  if (httpVersion === "1.1" || httpVersion === "1.0" || (httpVersion === "2.0" && isFramed)) return undefined;
  return httpError(400, Code.InvalidArgument, "http: this version is not served (expected 1.0, 1.1 or 2)");
}

function hostError(
  { httpVersion }: RequestHead,
  { hosts, authority, host }: Identity,
  options: AccessOptions,
): ConnectError | undefined {
  const differs = authority !== undefined && hosts[0] !== undefined && hosts[0] !== authority;
  if (hosts.length > 1 || differs) {
    return httpError(400, Code.InvalidArgument, "host: the request has two (expected one)");
  }
  if (!AUTHORITY.test(host)) return httpError(400, Code.InvalidArgument, "host: malformed");
  const name = hostNameOf(host);
  if (name === "" && httpVersion === "1.0") return undefined; // browsers never send this
  const isAllowed =
    isLoopback(name) || isIP(name) !== 0 || name === options.host || options.allowHosts.includes(name);
  if (isAllowed) return undefined;
  const shown = /^[\w.:-]{1,253}$/.test(name) ? name : "NAME";
  return httpError(
    403,
    Code.PermissionDenied,
    `host: not one of this emulator's; allow it by --allow-host ${shown}, or the option allowHosts`,
  );
}

function originError({ origins, host }: Identity, options: AccessOptions): ConnectError | undefined {
  const [origin, another] = origins;
  if (another !== undefined) {
    return httpError(400, Code.InvalidArgument, "origin: the request has two (expected one)");
  }
  if (origin === undefined || isAllowedOrigin(origin, host, options)) return undefined;
  const shown = /^https?:\/\/[\w.:-]{1,253}$/.test(origin) ? origin : "ORIGIN";
  return httpError(
    403,
    Code.PermissionDenied,
    `origin: not of this machine; allow it by --allow-origin ${shown}, or the option allowOrigins`,
  );
}

/** The target and the origin that a request claims. */
interface Identity {
  /** All values of `Host`. */
  readonly hosts: readonly string[];
  /** `:authority` of HTTP/2. */
  readonly authority: string | undefined;
  /** All values of `Origin`. */
  readonly origins: readonly string[];
  /** Whether the method is a header, as in HTTP/2: `GET / HTTP/2.0` in the form of HTTP/1 is none of it. */
  readonly isFramed: boolean;
  /** The host that the request is for, in lower case. */
  readonly host: string;
}

function identityOf({ rawHeaders, target }: RequestHead): Identity {
  const hosts: string[] = [];
  let authority: string | undefined;
  const origins: string[] = [];
  let isFramed = false;
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const value = rawHeaders[at + 1] ?? "";
    switch (rawHeaders[at]?.toLowerCase()) {
      case "host":
        hosts.push(value);
        break;
      case ":authority":
        authority ??= value;
        break;
      case ":method":
        isFramed = true;
        break;
      case "origin":
        origins.push(value);
        break;
    }
  }
  const absolute = target.startsWith("/") ? undefined : TARGET_AUTHORITY.exec(target)?.[1];
  const host = (absolute ?? authority ?? hosts[0] ?? "").toLowerCase();
  return { hosts, authority, origins, isFramed, host };
}

/** A host without its port and brackets. */
function hostNameOf(authority: string): string {
  const bracketed = /^\[([^\]]*)\](?::\d*)?$/.exec(authority)?.[1];
  return bracketed ?? authority.replace(/:\d*$/, "");
}

/** Whether the peer of a connection is this machine. */
export function isLoopbackAddress(address: string): boolean {
  return isLoopback(address.replace(/^::ffff:/, ""));
}

function isLoopback(name: string): boolean {
  return LOOPBACK_NAME.test(name) || (isIP(name) === 4 && name.startsWith("127.")) || name === "::1";
}
