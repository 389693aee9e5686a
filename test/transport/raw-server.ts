// SPDX-License-Identifier: Apache-2.0
import { createServer, type RequestListener } from "node:http";
import { type AddressInfo, createServer as createNetServer, type Server, type Socket } from "node:net";

/** A server on a free port of 127.0.0.1 that shows what came over the wire. Closed after the test that started it. */
export interface RawServer {
  readonly baseUrl: string;
  readonly port: number;
  /** Every request so far, byte for byte (latin1): request line, headers, body. */
  readonly requests: readonly string[];
  /** Connections that were made so far. */
  readonly connections: number;
  /** Resolves when `count` connections have ended. */
  closed(count: number): Promise<void>;
  /** Resolves when `count` requests are here. */
  received(count: number): Promise<void>;
}

/** Says something to a request, or nothing, or breaks off. */
export type Answer = (socket: Socket, request: string, index: number) => void;

const closers: (() => Promise<void>)[] = [];

afterEach(async () => {
  await Promise.all(closers.splice(0).map((close) => close()));
});

/** Closes something after the test, as the servers here are closed. */
export function closeAfterTest(close: () => Promise<void>): void {
  closers.push(close);
}

/** Starts a server that speaks whatever `answer` writes. */
export async function startRawServer(answer: Answer): Promise<RawServer> {
  const requests: string[] = [];
  const received = countdown();
  const closed = countdown();
  let connections = 0;
  const sockets = new Set<Socket>();
  const server = createNetServer((socket) => {
    connections += 1;
    sockets.add(socket);
    socket.on("close", () => {
      sockets.delete(socket);
      closed.add();
    });
    socket.on("error", () => undefined);
    let pending = "";
    socket.on("data", (chunk) => {
      pending += chunk.toString("latin1");
      for (let end = endOfRequest(pending); end > 0; end = endOfRequest(pending)) {
        const request = pending.slice(0, end);
        pending = pending.slice(end);
        requests.push(request);
        received.add();
        answer(socket, request, requests.length - 1);
      }
    });
  });
  const port = await listen(server);
  closeAfterTest(() => {
    for (const socket of sockets) socket.destroy();
    return new Promise((resolve) => server.close(() => resolve()));
  });
  return {
    baseUrl: `http://127.0.0.1:${port}`,
    port,
    requests,
    get connections() {
      return connections;
    },
    received: received.reached,
    closed: closed.reached,
  };
}

/** Starts an ordinary HTTP server. */
export async function startHttpServer(listener: RequestListener): Promise<{ baseUrl: string; port: number }> {
  const server = createServer(listener);
  const port = await listen(server);
  closeAfterTest(() => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(() => resolve()));
  });
  return { baseUrl: `http://127.0.0.1:${port}`, port };
}

/** An answer as HTTP/1.1 has it; a body comes with its length unless the headers say otherwise. */
export function httpAnswer(
  status: number,
  body: string | Uint8Array = "",
  headers: Record<string, string> = {},
): Buffer {
  const bytes = Buffer.from(body);
  const all = { "content-length": String(bytes.byteLength), ...headers };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.concat([Buffer.from(`HTTP/1.1 ${status} x\r\n${lines.join("")}\r\n`, "latin1"), bytes]);
}

/** A port of 127.0.0.1 on which nothing listens. */
export async function closedPort(): Promise<number> {
  const server = createNetServer();
  const port = await listen(server);
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
}

/** Counts events, for tests that wait for the n-th. */
function countdown() {
  let happened = 0;
  let waiters: { count: number; resolve(): void }[] = [];
  return {
    add: () => {
      happened += 1;
      waiters = waiters.filter(({ count, resolve }) => happened < count || resolve());
    },
    reached: (count: number) =>
      new Promise<void>((resolve) => {
        if (happened >= count) resolve();
        else waiters.push({ count, resolve });
      }),
  };
}

/** Where the first request in `text` ends, or 0 when it is not complete. */
function endOfRequest(text: string): number {
  const end = text.indexOf("\r\n\r\n");
  if (end < 0) return 0;
  const length = /\r\ncontent-length: (\d+)/i.exec(text.slice(0, end))?.[1] ?? "0";
  const total = end + 4 + Number(length);
  return text.length >= total ? total : 0;
}
