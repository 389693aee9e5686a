// SPDX-License-Identifier: Apache-2.0
import { addressOf, isLoopback, withoutBrackets } from "../endpoint.js";
import { HttpError } from "./errors.js";

/** A proxy that tunnels connections. */
export interface ProxyServer {
  /** Scheme, host and port, for messages: never the credentials. */
  readonly origin: string;
  readonly secure: boolean;
  /** IPv6 without brackets. */
  readonly host: string;
  readonly port: number;
  /** The value of `proxy-authorization`, when the URL has credentials. */
  readonly authorization: string | undefined;
}

/** The `proxy` option of a transport: a URL, `false` for none, `undefined` for what the environment says. */
export type ProxyOption = string | false | undefined;

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The proxy to reach an origin through: the one of the `proxy` option; without the option, that of the environment, which
 * is `https_proxy` or `HTTPS_PROXY`, unless `no_proxy` or `NO_PROXY` names the host. The name in lower case wins, even
 * when it is empty. The environment has none for `http:` and for this machine, and is not read for them.
 *
 * Entries of `NO_PROXY`, between commas or blanks: `example.com` (and the hosts below it), `.example.com` and
 * `*.example.com` (the same), `host:port`, an address, `*` for everything. Ranges of addresses are not understood.
 *
 * @param environment @default `process.env`, read when this is called; none where the program may not read it (Deno)
 * @throws HttpError for a proxy that is no `http:` or `https:` URL; the message does not repeat it.
 */
export function proxyFor(
  origin: string,
  option: ProxyOption = undefined,
  environment?: Environment,
): ProxyServer | undefined {
  if (option === false) return undefined;
  if (option !== undefined) return toProxy(option, "proxy", origin);
  const { protocol, hostname } = new URL(origin);
  if (protocol !== "https:" || isLoopback(hostname)) return undefined;
  const { url, exceptions } = settingsOf(environment);
  if (url === "" || isExcepted(exceptions, origin)) return undefined;
  return toProxy(url, "HTTPS_PROXY", origin);
}

function settingsOf(environment: Environment | undefined): { url: string; exceptions: string } {
  try {
    const { https_proxy, HTTPS_PROXY, no_proxy, NO_PROXY } = environment ?? process.env;
    return { url: https_proxy ?? HTTPS_PROXY ?? "", exceptions: no_proxy ?? NO_PROXY ?? "" };
  } catch {
    // Deno without --allow-env: a program that may not read the environment is not configured by it.
    return { url: "", exceptions: "" };
  }
}

function isExcepted(exceptions: string, origin: string): boolean {
  const { host, ...address } = addressOf(origin);
  const port = String(address.port);
  return exceptions
    .toLowerCase()
    .split(/[\s,]+/)
    .filter((entry) => entry !== "")
    .some((entry) => {
      const [, named = entry, onlyPort = port] = /^(\[.*\]|[^:]*):(\d+)$/.exec(entry) ?? [];
      const name = withoutBrackets(named).replace(/^\*?\./, "");
      return onlyPort === port && (name === "*" || host === name || host.endsWith(`.${name}`));
    });
}

function toProxy(text: string, source: string, origin: string): ProxyServer {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    const message = `${origin}: ${source} is not the URL of a proxy; expected http://host:port or https://host:port`;
    throw new HttpError(message, "proxy", false);
  }
  return {
    origin: url.origin,
    secure: url.protocol === "https:",
    ...addressOf(text),
    authorization: authorizationOf(url),
  };
}

/** RFC 7617. Text that is not percent-encoded as it should be is taken as it is. */
function authorizationOf({ username, password }: URL): string | undefined {
  if (username === "" && password === "") return undefined;
  const [user, secret] = [username, password].map((text) => {
    try {
      return decodeURIComponent(text);
    } catch {
      return text;
    }
  });
  return `Basic ${Buffer.from(`${user}:${secret}`).toString("base64")}`;
}
