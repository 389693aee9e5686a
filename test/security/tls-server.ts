// SPDX-License-Identifier: Apache-2.0
import { createSecureServer, type SecureServerOptions } from "node:http2";
import type { AddressInfo, Socket } from "node:net";
import type { TLSSocket } from "node:tls";
import { closeAfterTest } from "../transport/raw-server.js";

/** A server behind TLS that answers every call, REST and gRPC. Closed after the test. */
export interface TlsServer {
  readonly port: number;
  /** The common names in the certificates that clients showed; the empty string for none. */
  readonly clients: readonly string[];
  /** The names of the hosts that requests were for: `host` and `:authority`. */
  readonly hosts: readonly string[];
}

export async function startTlsServer(options: SecureServerOptions): Promise<TlsServer> {
  const server = createSecureServer({ ...options, allowHTTP1: true });
  const clients: string[] = [];
  const hosts: string[] = [];
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  server.on("secureConnection", (socket: TLSSocket) => {
    clients.push(String(socket.getPeerCertificate()?.subject?.CN ?? ""));
  });
  server.on("tlsClientError", () => undefined);
  server.on("sessionError", () => undefined);
  server.on("request", (request, response) => {
    hosts.push(request.authority ?? request.headers.host ?? "");
    if (request.httpVersionMajor === 1) {
      response.end('{"name":"operations/1"}');
      return;
    }
    response.setHeader("content-type", "application/grpc");
    response.addTrailers({ "grpc-status": "0" });
    response.end(Buffer.alloc(5)); // an empty message
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closeAfterTest(() => {
    for (const socket of sockets) socket.destroy();
    return new Promise((resolve) => server.close(() => resolve()));
  });
  return { port: (server.address() as AddressInfo).port, clients, hosts };
}
