// SPDX-License-Identifier: Apache-2.0
import { createSecureServer, type ServerHttp2Stream } from "node:http2";
import { createServer as createHttpsServer } from "node:https";
import type { AddressInfo, Server } from "node:net";
import type { TLSSocket } from "node:tls";
import { Code, createClient } from "@connectrpc/connect";
import { Operations } from "../../gen/google/longrunning/operations_pb.js";
import { createGrpcTransport, type GrpcTlsOptions } from "../../src/grpc.js";
import { cert, key } from "../emulator/certificate.js";
import { closedAfterTest, errorOf } from "./grpc-peers.js";
import { closeAfterTest } from "./raw-server.js";

const name = "operations/1";

/** A gRPC server behind TLS; `clients` are the names in the certificates that clients showed. */
async function startTlsPeer(
  options: { requestCert?: boolean } = {},
): Promise<{ port: number; clients: string[] }> {
  const clients: string[] = [];
  const server = createSecureServer({ cert, key, ca: cert, rejectUnauthorized: false, ...options });
  const sessions = new Set<{ destroy(): void }>();
  server.on("session", (session) => {
    sessions.add(session);
    session.on("error", () => undefined);
  });
  server.on("secureConnection", (socket: TLSSocket) => {
    const { subject } = socket.getPeerCertificate();
    if (subject !== undefined) clients.push(String(subject.CN));
  });
  server.on("stream", (stream: ServerHttp2Stream) => {
    stream.resume();
    stream.respond({ ":status": 200, "content-type": "application/grpc" }, { waitForTrailers: true });
    stream.on("wantTrailers", () => stream.sendTrailers({ "grpc-status": "0" }));
    stream.end(Buffer.alloc(5));
  });
  server.on("tlsClientError", () => undefined);
  closeAfterTest(() => {
    for (const session of sessions) session.destroy();
    return new Promise((resolve) => server.close(() => resolve()));
  });
  return { port: await listen(server), clients };
}

function connect(port: number, tls?: GrpcTlsOptions) {
  const baseUrl = `https://localhost:${port}`;
  return createClient(Operations, closedAfterTest(createGrpcTransport({ baseUrl, tls })));
}

test("trusts the certificate authority that it is given, and checks the host's name", async () => {
  const { port } = await startTlsPeer();
  await connect(port, { ca: cert }).cancelOperation({ name });
});

test("shows a client certificate", async () => {
  const { port, clients } = await startTlsPeer({ requestCert: true });
  await connect(port, { ca: cert, cert, key }).cancelOperation({ name });
  expect(clients).toEqual(["localhost"]);
});

test.each([
  ["an authority that nobody knows", undefined, /cannot connect to localhost:\d+: self-signed certificate/],
  [
    "the name of another host",
    { ca: cert, servername: "elsewhere.test" },
    /cannot connect to localhost:\d+: Hostname\/IP does not match certificate's altnames/,
  ],
])("a certificate with %s is Unavailable: which host, and why", async (_title, tls, message) => {
  const { port } = await startTlsPeer();
  const error = await errorOf(connect(port, tls).cancelOperation({ name }));
  expect(error).toMatchObject({ code: Code.Unavailable, message: expect.stringMatching(message) });
});

test("a TLS server without HTTP/2 is Unavailable, not a crash", async () => {
  const server = createHttpsServer({ cert, key }, (_request, response) => response.end("<html>"));
  server.on("clientError", (_error, socket) => socket.destroy());
  closeAfterTest(() => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(() => resolve()));
  });
  const operations = connect(await listen(server), { ca: cert });
  for (let attempt = 0; attempt < 2; attempt++) {
    expect(await errorOf(operations.cancelOperation({ name }, { timeoutMs: 5_000 }))).toMatchObject({
      code: Code.Unavailable,
    });
  }
});

test("a server without TLS is Unavailable, and hears nothing of the call", async () => {
  const heard: string[] = [];
  const { createServer } = await import("node:net");
  const server = createServer((socket) => {
    socket.on("error", () => undefined);
    socket.on("data", (chunk) => {
      heard.push(chunk.toString("latin1"));
      socket.end("HTTP/1.1 400 Bad Request\r\n\r\n");
    });
  });
  closeAfterTest(() => new Promise((resolve) => server.close(() => resolve())));
  const operations = connect(await listen(server), { ca: cert });
  expect(await errorOf(operations.cancelOperation({ name }))).toMatchObject({ code: Code.Unavailable });
  expect(heard.join("")).not.toContain("operations/1");
});

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
}
