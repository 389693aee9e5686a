// SPDX-License-Identifier: Apache-2.0
import { connect as connectTcp, isIP, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import { openTunnel } from "../../http/proxy.js";
import { proxyFor } from "../../http/proxy-environment.js";
import { addressOptions } from "../../loopback.js";
import type { ResolvedGrpcOptions } from "./options.js";

/**
 * Opens the socket of a connection: lookup and TCP, or a tunnel through a proxy, and then TLS. Names of this machine are
 * connected to its loopback addresses, whatever DNS says. An "error" of the socket never goes unheard.
 *
 * @throws the platform's error, or an HttpError that names the proxy; the reason of `signal`, once it has aborted, after
 *   which no socket is left.
 */
export async function openSocket(options: ResolvedGrpcOptions, signal: AbortSignal): Promise<Socket> {
  const { origin, host, port, secure, tls } = options;
  const proxy = proxyFor(origin, options.proxy);
  const target = { host, port, ca: tls.ca, signal };
  const tunnel = proxy === undefined ? undefined : await openTunnel({ ...target, proxy });
  const address = { host, port, ...addressOptions(host) };
  if (!secure) return tunnel ?? whenReady(connectTcp({ ...address, noDelay: true }), "connect", signal);
  const name = isIP(host) === 0 ? { servername: host } : {};
  const socket = connectTls({ ...address, socket: tunnel, ALPNProtocols: ["h2"], ...name, ...tls });
  return whenReady(socket, "secureConnect", signal);
}

function whenReady(socket: Socket, event: "connect" | "secureConnect", signal: AbortSignal): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const onAbort = () => {
      socket.destroy();
      reject(signal.reason);
    };
    signal.addEventListener("abort", onAbort);
    socket.once(event, () => resolve(socket));
    // For as long as the socket lives: an "error" that nobody listens to would end the process.
    socket.on("error", reject);
    socket.once("close", () => {
      signal.removeEventListener("abort", onAbort);
      reject(new Error("the server closed the connection"));
    });
    if (signal.aborted) onAbort();
  });
}
