// SPDX-License-Identifier: Apache-2.0
import { createServer as createHttpServer } from "node:http";
import { createServer as createHttp2Server } from "node:http2";
import { createServer as createHttpsServer } from "node:https";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { createGrpcTransport } from "../../src/grpc.js";
import { createOperationsClient, createRestTransport } from "../../src/index.js";
import { cert, key } from "../emulator/certificate.js";
import { closeAfterTest } from "../transport/raw-server.js";

// A wait whose connections can be made, and never carry a response: there is no operation to wait for.

async function listen(server: Server): Promise<number> {
  const sockets = new Set<Socket>();
  server.on("connection", (socket) => sockets.add(socket));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closeAfterTest(() => {
    for (const socket of sockets) socket.destroy();
    return new Promise((resolve) => server.close(() => resolve()));
  });
  return (server.address() as AddressInfo).port;
}

/** Answers whatever comes with some bytes, and ends. */
function speaker(bytes: string | Buffer): Server {
  return createServer((socket) => {
    socket.on("error", () => undefined);
    socket.once("data", () => socket.end(bytes));
  });
}

const SERVERS = {
  "HTTP/1.1": () => createHttpServer((_, response) => response.end("{}")),
  "HTTP/1.1 with TLS": () => createHttpsServer({ cert, key }, (_, response) => response.end("{}")),
  "HTTP/2": () => createHttp2Server((_, response) => response.end()),
  SSH: () => speaker("SSH-2.0-OpenSSH_9.6\r\n"),
  "an alert of TLS": () => speaker(Buffer.from([21, 3, 3, 0, 2, 2, 10])),
  nothing: () => speaker(""),
};

const TRANSPORTS = { REST: createRestTransport, gRPC: createGrpcTransport };

test.each<[keyof typeof TRANSPORTS, "http" | "https", keyof typeof SERVERS, number, RegExp]>([
  ["REST", "http", "HTTP/1.1 with TLS", 3, /the server could not be reached/],
  ["REST", "http", "HTTP/2", 1, /check the scheme \(https or http\), the port/],
  ["REST", "http", "SSH", 1, /check the scheme/],
  ["REST", "http", "an alert of TLS", 1, /check the scheme/],
  ["REST", "http", "nothing", 3, /the server could not be reached/],
  ["REST", "https", "HTTP/1.1", 1, /check the scheme/],
  ["REST", "https", "SSH", 1, /check the scheme/],
  ["gRPC", "http", "HTTP/1.1", 1, /the server does not speak HTTP\/2 \(check the scheme/],
  ["gRPC", "http", "HTTP/1.1 with TLS", 3, /the server could not be reached/],
  ["gRPC", "http", "SSH", 1, /the server does not speak HTTP\/2 \(check the scheme/],
  ["gRPC", "http", "an alert of TLS", 3, /the server closed the connection/],
  ["gRPC", "http", "nothing", 3, /the server could not be reached/],
  ["gRPC", "https", "HTTP/1.1 with TLS", 1, /check the scheme/],
  ["gRPC", "https", "HTTP/1.1", 1, /check the scheme/],
])("a wait over %s, %s: to a server of %s, ends after %i polls and says what to do", async (...row) => {
  const [transport, scheme, serverName, polls, text] = row;
  const port = await listen(SERVERS[serverName]());
  const tls = scheme === "https" ? { tls: { ca: cert } } : {};
  const made = TRANSPORTS[transport]({ baseUrl: `${scheme}://localhost:${port}`, ...tls });
  closeAfterTest(() => made.close());
  const client = createOperationsClient({
    transport: made,
    retry: false,
    polling: { initialMs: 1, maxMs: 1 },
  });
  let errors = 0;
  const onTransientError = () => {
    errors += 1;
  };
  await expect(client.operation("operations/1").wait({ onTransientError })).rejects.toThrow(text);
  expect(errors + 1).toBe(polls);
});
