// SPDX-License-Identifier: Apache-2.0
import { connect as connectTcp, type Socket } from "node:net";
import { type ConnectionOptions, connect as connectTls } from "node:tls";
import type { buildConnector } from "undici";
import { startTimer } from "../../../time/timer.js";
import { fromEngineError } from "../errors.js";
import { HttpFailure } from "../http-client.js";
import type { ProxyServer } from "../proxy-environment.js";

/** An answer to CONNECT has no body worth reading, and its headers end before this many bytes. */
const MAX_HEAD_BYTES = 16 * 1024;

/** How to reach a proxy. */
export interface TunnelOptions {
  readonly proxy: ProxyServer;
  /** Certificate authorities to trust a proxy with that speaks TLS. @default the platform's */
  readonly ca: ConnectionOptions["ca"];
  /** How long the proxy may take to open the tunnel, in milliseconds. */
  readonly timeoutMs: number;
}

/**
 * A connector whose connections go through a proxy: CONNECT (RFC 9110, section 9.3.6) and, inside of the tunnel, what
 * `connect` does, which is TLS with the server itself. The proxy sees host and port, never a request.
 *
 * It fails with an `HttpFailure` that names the proxy without its credentials: kind "proxy" when the proxy refuses
 * (4xx: it wants other credentials, or forbids the host), which does not go away by itself, and "connection" otherwise.
 */
export function tunnelThrough(
  { proxy, ca, timeoutMs }: TunnelOptions,
  connect: buildConnector.connector,
): buildConnector.connector {
  const { secure, hostname: host, port, authorization } = proxy;
  return (target, callback) => {
    const authority = `${bracketed(target.hostname)}:${target.port || 443}`;
    const socket = secure
      ? connectTls({
          host,
          port,
          servername: host,
          ALPNProtocols: ["http/1.1"],
          ...(ca !== undefined && { ca }),
        })
      : connectTcp({ host, port });
    let head = Buffer.alloc(0);

    const release = () => {
      stopTimer();
      socket.off("data", onData).off("error", onError).off("close", onClose);
    };
    const fail = (problem: string, kind: HttpFailure["kind"], cause?: unknown) => {
      release();
      // It may still fail, and then nobody listens.
      socket.on("error", () => undefined).destroy();
      const message = `https://${authority}: the proxy ${proxy.origin} ${problem}`;
      callback(new HttpFailure(message, kind, false, cause), null);
    };
    const onError = (error: Error) =>
      fail(`cannot be used: ${fromEngineError(error, proxy.origin, false).message}`, "connection", error);
    const onClose = () => fail("closed the connection before it answered CONNECT", "connection");
    const stopTimer = startTimer(timeoutMs, () =>
      fail(`opened no tunnel within ${timeoutMs} ms`, "connection"),
    );
    const onData = (chunk: Buffer) => {
      head = Buffer.concat([head, chunk]);
      const end = head.indexOf("\r\n\r\n");
      if (end < 0) {
        if (head.length > MAX_HEAD_BYTES) fail("answered CONNECT with headers without an end", "answer");
        return;
      }
      const status = /^HTTP\/1\.[01] (\d{3})[ \r]/.exec(head.toString("latin1", 0, end + 1))?.[1];
      if (status === undefined) fail("answered CONNECT with what is not HTTP", "answer");
      else if (status.startsWith("2")) {
        release();
        socket.pause();
        if (head.length > end + 4) socket.unshift(head.subarray(end + 4));
        connect({ ...target, httpSocket: socket }, callback);
      } else fail(`answered CONNECT with HTTP ${status}`, status.startsWith("4") ? "proxy" : "connection");
    };

    socket.on("data", onData).on("error", onError).on("close", onClose);
    socket.once(secure ? "secureConnect" : "connect", () =>
      socket.write(toConnect(authority, authorization)),
    );
    return socket satisfies Socket;
  };
}

function toConnect(authority: string, authorization: string | undefined): string {
  const credentials = authorization === undefined ? "" : `proxy-authorization: ${authorization}\r\n`;
  return `CONNECT ${authority} HTTP/1.1\r\nhost: ${authority}\r\n${credentials}\r\n`;
}

function bracketed(hostname: string): string {
  return hostname.includes(":") && !hostname.startsWith("[") ? `[${hostname}]` : hostname;
}
