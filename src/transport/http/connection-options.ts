// SPDX-License-Identifier: Apache-2.0
// Checks of the options for connections, which are the library's own in Node alone: a bundle for browsers has none of this.
import { checkNumber, invalidOption, rejectUnknownKeys } from "../../errors/options.js";
import type { Endpoint } from "../endpoint.js";
import type { EngineOptions, TlsOptions } from "./engine.js";

const TLS_OPTION_KEYS = {
  ca: true,
  cert: true,
  key: true,
  passphrase: true,
  servername: true,
} as const satisfies Record<keyof TlsOptions, true>;

/** Checks the options that REST and gRPC share. @throws TypeError naming the option, without its value */
export function checkConnectionOptions(
  { tls, proxy }: Pick<EngineOptions, "tls" | "proxy">,
  endpoint: Endpoint,
): void {
  if (tls !== undefined) {
    rejectUnknownKeys("tls", tls, TLS_OPTION_KEYS);
    if (!endpoint.secure) throw invalidOption("tls: baseUrl is http: (expected https:)");
    checkTls(tls);
  }
  if (proxy !== undefined) checkProxy(proxy, endpoint);
}

/** Only the kind of each value: the certificates themselves are read when a connection is made. */
function checkTls({ ca, cert, key, passphrase, servername }: TlsOptions): void {
  const isText = (value: unknown) => typeof value === "string";
  const isPem = (value: unknown) => isText(value) || value instanceof Uint8Array;
  const rows: readonly [name: string, value: unknown, fits: (value: unknown) => boolean, expected: string][] =
    [
      ["ca", ca, (value) => [value].flat().every(isPem), "PEM as text or bytes, or an array of them"],
      ["cert", cert, isPem, "PEM as text or bytes"],
      ["key", key, isPem, "PEM as text or bytes"],
      ["passphrase", passphrase, isText, "text"],
      ["servername", servername, isText, "text"],
    ];
  for (const [name, value, fits, expected] of rows) {
    if (value !== undefined && !fits(value))
      throw invalidOption(`tls.${name}: invalid value (expected ${expected})`);
  }
}

/** Checks a number of connections. @throws TypeError naming the option and its value */
export function checkMaxSockets(maxSockets: number | undefined): void {
  if (maxSockets !== undefined) checkNumber("maxSockets", maxSockets, { min: 1, max: 65_535, whole: true });
}

function checkProxy(proxy: string | false, endpoint: Endpoint): void {
  if (proxy === false) return;
  if (typeof proxy !== "string" || !/^https?:\/\/./i.test(proxy) || !URL.canParse(proxy)) {
    throw invalidOption(
      "proxy: not the URL of a proxy (expected http://host:port, https://host:port or false)",
    );
  }
  if (!endpoint.secure)
    throw invalidOption("proxy: baseUrl is http: (expected https:, which a proxy cannot read)");
}
