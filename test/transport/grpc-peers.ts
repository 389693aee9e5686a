// SPDX-License-Identifier: Apache-2.0
import {
  createServer,
  type Http2Session,
  type IncomingHttpHeaders,
  type ServerHttp2Stream,
  type ServerOptions,
} from "node:http2";
import type { AddressInfo, Server } from "node:net";
import { type DescMethod, type DescService, fromBinary, type Message, toBinary } from "@bufbuild/protobuf";
import type { ConnectRouter } from "@connectrpc/connect";
import { connectNodeAdapter } from "@connectrpc/connect-node";
import {
  credentials,
  Server as GrpcJsServer,
  type MethodDefinition,
  ServerCredentials,
  type UntypedServiceImplementation,
} from "@grpc/grpc-js";
import { createGrpcJsTransport, createGrpcTransport, type GrpcTransport } from "../../src/grpc.js";
import { closeAfterTest } from "./raw-server.js";

/** A server on a free port of 127.0.0.1, closed after the test. */
export interface Peer {
  readonly port: number;
  readonly baseUrl: string;
  /** Sessions that were opened so far. */
  readonly sessions: readonly Http2Session[];
}

/** What a server says to a stream that a call has opened; `index` counts them from 0. */
export type OnStream = (stream: ServerHttp2Stream, headers: IncomingHttpHeaders, index: number) => void;

/** Starts a bare HTTP/2 server. */
export async function startHttp2Peer(onStream: OnStream, options: ServerOptions = {}): Promise<Peer> {
  const server = createServer(options);
  let index = 0;
  server.on("stream", (stream, headers) => {
    stream.on("error", () => undefined);
    onStream(stream, headers, index++);
  });
  return peerOf(server);
}

/** Starts a gRPC server made of Connect's adapter. */
export async function startConnectPeer(routes: (router: ConnectRouter) => void): Promise<Peer> {
  return peerOf(createServer(connectNodeAdapter({ routes })));
}

/** Starts a gRPC server made of grpc-js. */
export async function startGrpcJsPeer(
  service: DescService,
  implementation: UntypedServiceImplementation,
): Promise<{ port: number; baseUrl: string }> {
  const server = new GrpcJsServer();
  server.addService(
    Object.fromEntries(service.methods.map((method) => [method.localName, definitionOf(method)])),
    implementation,
  );
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    );
  });
  closeAfterTest(async () => server.forceShutdown());
  return { port, baseUrl: `http://127.0.0.1:${port}` };
}

/** A transport by its name, connected to a port; closed after the test. */
export const transports: Readonly<Record<string, (port: number) => GrpcTransport>> = {
  createGrpcTransport: (port) =>
    closedAfterTest(createGrpcTransport({ baseUrl: `http://127.0.0.1:${port}` })),
  createGrpcJsTransport: (port) =>
    closedAfterTest(
      createGrpcJsTransport({ address: `127.0.0.1:${port}`, credentials: credentials.createInsecure() }),
    ),
};

/** Closes a transport after the test. */
export function closedAfterTest<T extends GrpcTransport>(transport: T): T {
  closeAfterTest(() => transport.close());
  return transport;
}

/** What `promise` fails with. */
export async function errorOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => {
      throw new Error("expected a failure");
    },
    (error: unknown) => error,
  );
}

function definitionOf(method: DescMethod): MethodDefinition<Message, Message> {
  const { input, output } = method;
  return {
    path: `/${method.parent.typeName}/${method.name}`,
    requestStream: false,
    responseStream: method.methodKind === "server_streaming",
    requestSerialize: (message: Message) => Buffer.from(toBinary(input, message)),
    requestDeserialize: (bytes: Buffer) => fromBinary(input, bytes),
    responseSerialize: (message: Message) => Buffer.from(toBinary(output, message)),
    responseDeserialize: (bytes: Buffer) => fromBinary(output, bytes),
  };
}

async function peerOf(
  server: Server & { on(event: "session", listener: (session: Http2Session) => void): unknown },
) {
  const sessions: Http2Session[] = [];
  server.on("session", (session) => {
    session.on("error", () => undefined);
    sessions.push(session);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  closeAfterTest(() => {
    for (const session of sessions) session.destroy();
    return new Promise((resolve) => server.close(() => resolve()));
  });
  return { port, baseUrl: `http://127.0.0.1:${port}`, sessions };
}
