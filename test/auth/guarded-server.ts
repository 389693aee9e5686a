// SPDX-License-Identifier: Apache-2.0
import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createHttp2Server } from "node:http2";
import type { AddressInfo, Server, Socket } from "node:net";
import type { Interceptor } from "@connectrpc/connect";
import { Code, ConnectError, type Transport } from "@connectrpc/connect";
import {
  connectNodeAdapter,
  createConnectTransport,
  createGrpcTransport as createGrpcTransportOfConnect,
} from "@connectrpc/connect-node";
import { credentials } from "@grpc/grpc-js";
import { Operations } from "../../gen/google/longrunning/operations_pb.js";
import { createGrpcJsTransport, createGrpcTransport } from "../../src/grpc.js";
import { createRestTransport } from "../../src/index.js";

/** A server on real sockets that lets some tokens in. It answers a refused one with the token in its message. */
export interface GuardedServer {
  /** Calls over HTTP/1.1 (REST) and HTTP/2 (gRPC and Connect). */
  readonly restUrl: string;
  readonly http2Url: string;
  /** The `authorization` of each call, in order of arrival. */
  readonly tokens: string[];
  /** Which tokens are let in. */
  accepts: (authorization: string) => boolean;
  close(): Promise<void>;
}

export async function startGuardedServer(): Promise<GuardedServer> {
  const tokens: string[] = [];
  const isLetIn = (authorization: string) => {
    tokens.push(authorization);
    return server.accepts(authorization);
  };
  const rest = createHttpServer((request, response) => answerRest(request, response, isLetIn));
  const http2 = createHttp2Server(
    connectNodeAdapter({
      routes: ({ service }) =>
        service(Operations, {
          getOperation: ({ name }, { requestHeader }) => {
            const authorization = requestHeader.get("authorization") ?? "";
            if (isLetIn(authorization)) return { name };
            throw new ConnectError(`I was sent ${authorization}`, Code.Unauthenticated);
          },
        }),
    }),
  );
  const closers = await Promise.all([listen(rest), listen(http2)]);
  const server: GuardedServer = {
    restUrl: originOf(rest),
    http2Url: originOf(http2),
    tokens,
    accepts: () => true,
    close: async () => {
      await Promise.all(closers.map((close) => close()));
    },
  };
  return server;
}

function answerRest(
  request: IncomingMessage,
  response: ServerResponse,
  isLetIn: (token: string) => boolean,
): void {
  const authorization = request.headers.authorization ?? "";
  const name = (request.url ?? "").replace(/^\/v1\//, "").replace(/\?.*/, "");
  const [status, json] = isLetIn(authorization)
    ? [200, { name }]
    : [401, { error: { code: 401, status: "UNAUTHENTICATED", message: `I was sent ${authorization}` } }];
  response.writeHead(status, { "content-type": "application/json", "x-echo": authorization });
  response.end(JSON.stringify(json));
}

function originOf(server: Server): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Listens on a free port; answers what closes the server and every connection to it. */
async function listen(server: Server): Promise<() => Promise<void>> {
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return () =>
    new Promise((resolve) => {
      server.close(() => resolve());
      for (const socket of sockets) socket.destroy();
    });
}

/** A transport over real sockets, and what closes it. */
export interface OpenTransport {
  readonly transport: Transport;
  close(): unknown;
}

/** Every transport that an interceptor may stand in, by name. */
export const TRANSPORTS: Readonly<
  Record<string, (server: GuardedServer, interceptors: Interceptor[]) => OpenTransport>
> = {
  REST: ({ restUrl: baseUrl }, interceptors) => {
    const transport = createRestTransport({ baseUrl, interceptors });
    return { transport, close: () => transport.close() };
  },
  gRPC: ({ http2Url: baseUrl }, interceptors) => {
    const transport = createGrpcTransport({ baseUrl, interceptors });
    return { transport, close: () => transport.close() };
  },
  "grpc-js": ({ http2Url }, interceptors) => {
    const address = new URL(http2Url).host;
    const transport = createGrpcJsTransport({
      address,
      credentials: credentials.createInsecure(),
      interceptors,
    });
    return { transport, close: () => transport.close() };
  },
  "connect-node's gRPC": ({ http2Url: baseUrl }, interceptors) => ({
    transport: createGrpcTransportOfConnect({ baseUrl, interceptors }),
    close: () => {},
  }),
  "connect-node's Connect": ({ http2Url: baseUrl }, interceptors) => ({
    transport: createConnectTransport({ baseUrl, httpVersion: "2", interceptors }),
    close: () => {},
  }),
};
