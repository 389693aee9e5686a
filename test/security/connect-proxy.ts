// SPDX-License-Identifier: Apache-2.0
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { createServer as createTlsServer, type TlsOptions } from "node:tls";
import { closeAfterTest } from "../transport/raw-server.js";

/** A proxy that tunnels every host to a port of this machine. */
export interface ConnectProxy {
  readonly port: number;
  /** What clients said, byte for byte (latin1), up to the empty line. */
  readonly heads: readonly string[];
}

/** What a proxy answers CONNECT with, other than a tunnel. */
export type Refusal = string | undefined;

/** Starts such a proxy; with `tls` it is spoken to over TLS. Closed after the test. */
export async function startConnectProxy(options: {
  /** The port, or which port each host leads to. */
  readonly targetPort: number | ((host: string) => number);
  readonly refusal?: Refusal;
  readonly tls?: TlsOptions;
}): Promise<ConnectProxy> {
  const { targetPort, refusal, tls } = options;
  const heads: string[] = [];
  const sockets = new Set<Socket>();
  const onClient = (client: Socket) => {
    sockets.add(client);
    client.once("close", () => sockets.delete(client));
    client.on("error", () => undefined);
    client.once("data", (head) => {
      heads.push(head.toString("latin1"));
      if (refusal !== undefined) {
        client.end(refusal);
        return;
      }
      const [, host = ""] = /^CONNECT (.+):\d+ /.exec(head.toString("latin1")) ?? [];
      const port = typeof targetPort === "number" ? targetPort : targetPort(host);
      const server = connect(port, "127.0.0.1", () => {
        client.write("HTTP/1.1 200 Connection established\r\nvia: 1.1 test\r\n\r\n");
        client.pipe(server).pipe(client);
      });
      server.on("error", () => client.destroy());
      server.on("close", () => client.destroy());
      client.on("close", () => server.destroy());
    });
  };
  const server = tls === undefined ? createServer(onClient) : createTlsServer(tls, onClient);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closeAfterTest(() => {
    for (const socket of sockets) socket.destroy();
    return new Promise((resolve) => server.close(() => resolve()));
  });
  return { port: (server.address() as AddressInfo).port, heads };
}
