// SPDX-License-Identifier: Apache-2.0
import { type IncomingMessage, request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import { isIP, type Socket } from "node:net";
import type { ConnectionOptions } from "node:tls";
import { rememberSecrets } from "../../errors/sent-secrets.js";
import { addressOptions } from "../loopback.js";
import { fromEngineError, HttpError, type HttpErrorKind } from "./errors.js";
import type { ProxyServer } from "./proxy-environment.js";

/** The server to reach, and how to reach the proxy. */
export interface TunnelOptions {
  /** As {@link proxyFor} gives it. */
  readonly proxy: ProxyServer;
  /** The server behind it, for CONNECT. IPv6 without brackets. */
  readonly host: string;
  readonly port: number;
  /** Certificate authorities to trust a proxy with that speaks TLS. @default the platform's */
  readonly ca?: ConnectionOptions["ca"];
  /** Gives up at whatever stage, and closes the connection to the proxy. It has no effect once the tunnel stands. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Opens a tunnel through a proxy: CONNECT (RFC 9110, section 9.3.6). The proxy sees host and port, never a request. What
 * comes back is a plain connection to the server, to speak TLS on:
 *
 * ```ts
 * const proxy = proxyFor(endpoint.origin, options.proxy);
 * const socket = proxy && (await openTunnel({ proxy, ...addressOf(endpoint.origin), ca: tls.ca, signal }));
 * const secure = tls.connect({ ...options.tls, socket, servername: hostname, ALPNProtocols: ["h2"] });
 * const session = http2.connect(endpoint.origin, { createConnection: () => secure });
 * ```
 *
 * Whatever the proxy sent behind its response is the first that the connection reads.
 *
 * @throws HttpError not sent, which names the server and the proxy without its credentials. Kind "proxy", which does not
 *   go away by itself: it responded to CONNECT with anything but 200 or a passing error (408, 429, 5xx). Kind "response": not
 *   with HTTP, or with more than 16 KiB of headers. Otherwise "connection".
 * @throws the reason of `signal` once it has aborted
 */
export function openTunnel({ proxy, host, port, ca, signal }: TunnelOptions): Promise<Socket> {
  const authority = `${isIP(host) === 6 ? `[${host}]` : host}:${port}`;
  const errorOf = (problem: string, kind: HttpErrorKind, cause?: unknown) =>
    new HttpError(`https://${authority}: the proxy ${proxy.origin} ${problem}`, kind, false, cause);
  if (proxy.authorization !== undefined) rememberSecrets([["proxy-authorization", proxy.authorization]]);
  return new Promise((resolve, reject) => {
    const request = (proxy.secure ? requestHttps : requestHttp)({
      method: "CONNECT",
      agent: false,
      host: proxy.host,
      port: proxy.port,
      path: authority,
      headers: {
        host: authority,
        ...(proxy.authorization && { "proxy-authorization": proxy.authorization }),
      },
      ...addressOptions(proxy.host),
      // Otherwise Node takes the name from the host header, which is the server's.
      ...(proxy.secure && {
        servername: isIP(proxy.host) === 0 ? proxy.host : "",
        ALPNProtocols: ["http/1.1"],
        ...(ca !== undefined && { ca }),
      }),
      ...(signal !== undefined && { signal }),
    });
    request.once("connect", ({ statusCode = 0 }: IncomingMessage, socket: Socket, head: Buffer) => {
      if (statusCode === 200) {
        if (head.byteLength > 0) socket.unshift(head);
        resolve(socket);
        return;
      }
      // It may still fail, and then nobody listens.
      socket.on("error", () => undefined).destroy();
      const passes = statusCode >= 500 || statusCode === 408 || statusCode === 429;
      reject(errorOf(`responded to CONNECT with HTTP ${statusCode}`, passes ? "connection" : "proxy"));
    });
    request.once("error", (error) => {
      if (signal?.aborted === true) reject(signal.reason);
      else reject(errorOf(...problemOf(error, proxy), error));
    });
    request.end();
  });
}

function problemOf(error: Error & { code?: unknown }, proxy: ProxyServer): [string, HttpErrorKind] {
  const { kind, message } = fromEngineError(error, proxy.origin, false);
  if (error.code === "HPE_HEADER_OVERFLOW")
    return ["responded to CONNECT with more than 16 KiB of headers", "response"];
  if (kind === "response") return ["responded to CONNECT with something that is not HTTP", kind];
  if (error.message === "socket hang up")
    return ["closed the connection before it responded to CONNECT", "connection"];
  return [`cannot be used: ${message}`, "connection"];
}
