// SPDX-License-Identifier: Apache-2.0
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { EventEmitter, once } from "node:events";
import { Agent, type ClientRequest, createServer, request } from "node:http";
import type { Socket } from "node:net";
import { gzipSync } from "node:zlib";
import { abortOf } from "../../../src/transport/call/abort.js";
import { parseBaseUrl } from "../../../src/transport/endpoint.js";
import { createConnections } from "../../../src/transport/http/agent.js";
import type { EngineOptions, HttpEngine, HttpRequest } from "../../../src/transport/http/engine.js";
import { HttpError } from "../../../src/transport/http/errors.js";
import { createHttpEngine } from "../../../src/transport/http/node.js";
import { closeAfterTest, httpAnswer, startRawServer } from "../raw-server.js";

const MIB = 1024 * 1024;
const ok = httpAnswer(200, "{}");

function createEngine(origin: string, options: Omit<EngineOptions, "endpoint"> = {}): HttpEngine {
  const engine = createHttpEngine({ endpoint: parseBaseUrl(origin), ...options });
  closeAfterTest(() => engine.close());
  return engine;
}

interface Call extends Partial<HttpRequest> {
  readonly signal?: AbortSignal;
}

async function call(engine: HttpEngine, { signal = new AbortController().signal, ...more }: Call = {}) {
  const request = {
    method: "GET",
    path: "/",
    headers: new Map(),
    body: undefined,
    idempotent: true,
    ...more,
  };
  const response = await engine.send(request, abortOf(signal), { requestSent: false });
  const { content } = await response.bytes(MIB);
  return Buffer.from(content).toString();
}

async function errorOf(promise: Promise<unknown>): Promise<HttpError> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof HttpError)) throw new Error(`expected an HttpError, got ${String(error)}`);
  return error;
}

test("calls one after another use one connection", async () => {
  const server = await startRawServer((socket) => socket.write(ok));
  const engine = createEngine(server.baseUrl);
  for (let n = 0; n < 5; n++) await call(engine);
  expect(server.connections).toBe(1);
});

test("a response that switches protocols unasked is a connection error, and drops the connection", async () => {
  const server = await startRawServer((socket) =>
    socket.write("HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: h2c\r\n\r\nx"),
  );
  expect(await errorOf(call(createEngine(server.baseUrl)))).toMatchObject({
    kind: "connection",
    requestSent: true,
    message: `${server.baseUrl}: the connection ended without a response`,
  });
  await server.closed(1);
});

test.each(["100 Continue", "103 Early Hints", "199 Whatever"])(
  "HTTP %s is no response yet",
  async (status) => {
    const server = await startRawServer((socket) => {
      socket.write(`HTTP/1.1 ${status}\r\nlink: x\r\n\r\n`);
      socket.write(ok);
    });
    expect(await call(createEngine(server.baseUrl))).toBe("{}");
  },
);

describe("a kept connection that the server has closed", () => {
  /** Answers the first request of a connection, and breaks off with the second. */
  const stale = (breakOff: (socket: Socket) => void) => {
    const seen = new WeakSet<Socket>();
    return (socket: Socket) => {
      if (seen.has(socket)) breakOff(socket);
      else socket.write(ok);
      seen.add(socket);
    };
  };
  const breaks: [string, (socket: Socket) => void][] = [
    ["ends", (socket) => socket.end()],
    ["is reset", (socket) => socket.resetAndDestroy()],
  ];

  test.each(breaks)(
    "and that %s: an idempotent request is sent once more, on a new one",
    async (_how, breakOff) => {
      const server = await startRawServer(stale(breakOff));
      const engine = createEngine(server.baseUrl);
      await call(engine);
      expect(await call(engine)).toBe("{}");
      expect([server.requests.length, server.connections]).toEqual([3, 2]);
    },
  );

  test.each(breaks)("and that %s: any other request is an error, sent once", async (_how, breakOff) => {
    const server = await startRawServer(stale(breakOff));
    const engine = createEngine(server.baseUrl);
    await call(engine);
    const error = await errorOf(call(engine, { method: "POST", idempotent: false }));
    expect(error).toMatchObject({ kind: "connection", requestSent: true });
    expect(server.requests).toHaveLength(2);
  });

  test("the other idle connections are not tried either", async () => {
    const held: Socket[] = [];
    const server = await startRawServer((socket, _request, index) => {
      if (index < 3) held.push(socket);
      if (index === 3) socket.resetAndDestroy();
      if (index > 3) socket.write(ok);
    });
    const engine = createEngine(server.baseUrl);
    const calls = [call(engine), call(engine), call(engine)];
    await server.received(3);
    for (const socket of held) socket.write(ok);
    await Promise.all(calls);
    expect(await call(engine)).toBe("{}");
    await server.closed(3);
    expect([server.requests.length, server.connections]).toEqual([5, 4]);
  });

  test("a byte of a response came: an error", async () => {
    const server = await startRawServer(stale((socket) => socket.end("HTTP/1.1 200 OK\r\nx")));
    const engine = createEngine(server.baseUrl);
    await call(engine);
    expect(await errorOf(call(engine))).toMatchObject({ kind: "connection", requestSent: true });
    expect(server.requests).toHaveLength(2);
  });

  test("a new connection that breaks is an error at once", async () => {
    const server = await startRawServer((socket) => socket.resetAndDestroy());
    expect(await errorOf(call(createEngine(server.baseUrl)))).toMatchObject({ kind: "connection" });
    expect(server.requests).toHaveLength(1);
  });

  test("it breaks twice: an error", async () => {
    const server = await startRawServer((socket, _request, index) => {
      if (index === 0) socket.write(ok);
      else socket.resetAndDestroy();
    });
    const engine = createEngine(server.baseUrl);
    await call(engine);
    expect(await errorOf(call(engine))).toMatchObject({ kind: "connection" });
    expect(server.requests).toHaveLength(3);
  });
});

test("what a server sends unasked is not taken for the response to the next request", async () => {
  const sockets: Socket[] = [];
  const server = await startRawServer((socket) => {
    sockets.push(socket);
    socket.write(ok);
  });
  const engine = createEngine(server.baseUrl);
  await call(engine);
  sockets[0]?.write(httpAnswer(200, '{"name":"operations/forged"}'));
  await server.closed(1);
  expect(await call(engine)).toBe("{}");
});

test("two responses to one request: the second is dropped with the connection", async () => {
  const server = await startRawServer((socket) => {
    socket.write(Buffer.concat([ok, httpAnswer(200, '{"name":"operations/forged"}')]));
  });
  const engine = createEngine(server.baseUrl);
  expect(await call(engine)).toBe("{}");
  await server.closed(1);
  expect(await call(engine)).toBe("{}");
});

test("maxSockets bounds connections; the other calls wait, and can be given up meanwhile", async () => {
  const sockets: Socket[] = [];
  const server = await startRawServer((socket) => sockets.push(socket));
  const engine = createEngine(server.baseUrl, { maxSockets: 2 });
  const controller = new AbortController();
  const calls = [call(engine), call(engine), call(engine)];
  const given = call(engine, { signal: controller.signal });
  const last = call(engine, { path: "/last" });
  await server.received(2);
  controller.abort(new Error("given up"));
  await expect(given).rejects.toThrow("given up");
  expect([server.requests.length, server.connections]).toEqual([2, 2]);
  for (let answered = 0; answered < 4; answered++) {
    await server.received(answered + 1);
    sockets[answered]?.write(ok);
  }
  await Promise.all([...calls, last]);
  expect([server.requests.length, server.connections]).toEqual([4, 2]);
});

test("calls given up while others hold the connections leave none behind", async () => {
  const sockets: Socket[] = [];
  const server = await startRawServer((socket) => sockets.push(socket));
  const engine = createEngine(server.baseUrl, { maxSockets: 1 });
  for (let round = 0; round < 3; round++) {
    const controller = new AbortController();
    const calls = Array.from({ length: 5 }, () => call(engine, { signal: controller.signal }));
    await server.received(round + 1);
    controller.abort(new Error("given up"));
    for (const each of calls) await expect(each).rejects.toThrow("given up");
  }
  const answered = call(engine);
  await server.received(4);
  sockets[3]?.write(ok);
  expect(await answered).toBe("{}");
  await engine.close();
});

test("close() lets a body end that is being read, and then ends the idle connections", async () => {
  const sockets: Socket[] = [];
  const server = await startRawServer((socket) => {
    sockets.push(socket);
    socket.write("HTTP/1.1 200 x\r\ncontent-length: 2\r\n\r\n{");
  });
  const engine = createEngine(server.baseUrl);
  const reading = call(engine);
  await server.received(1);
  const closing = engine.close();
  sockets[0]?.write("}");
  expect(await reading).toBe("{}");
  await closing;
  await server.closed(1);
});

test("a server that responds before it has read the request does not get another on that connection", async () => {
  const server = await startRawServer(() => undefined);
  const early = createServer((_request, response) => response.end("{}"));
  await new Promise<void>((resolve) => early.listen(0, "127.0.0.1", resolve));
  closeAfterTest(() => {
    early.closeAllConnections();
    return new Promise((resolve) => early.close(() => resolve()));
  });
  const address = early.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const engine = createEngine(`http://127.0.0.1:${port}`);
  const body = "x".repeat(8 * MIB);
  expect(await call(engine, { method: "POST", body, idempotent: false })).toBe("{}");
  expect(await call(engine)).toBe("{}");
  expect(server.connections).toBe(0);
});

test.each([
  ["a header of 20 KB", `HTTP/1.1 200 x\r\nx: ${"y".repeat(20_000)}\r\n\r\n`, "limit"],
  ["headers without end", `HTTP/1.1 200 x\r\n${"aaaa: bbbb\r\n".repeat(5_000)}`, "limit"],
  ["a length that is none", "HTTP/1.1 200 x\r\ncontent-length: 1e3\r\n\r\n{}"],
  ["two lengths", "HTTP/1.1 200 x\r\ncontent-length: 2\r\ncontent-length: 3\r\n\r\n{}"],
  [
    "a length and chunks",
    "HTTP/1.1 200 x\r\ncontent-length: 2\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
  ],
  ["a chunk size that is none", "HTTP/1.1 200 x\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n{}\r\n"],
])("%s is no readable response", async (_what, answer, kind = "response") => {
  const server = await startRawServer((socket) => socket.write(answer));
  expect(await errorOf(call(createEngine(server.baseUrl)))).toMatchObject({
    kind,
    requestSent: true,
  });
  await server.closed(1);
});

test("a gzip body that ends early is no readable response", async () => {
  const half = httpAnswer(200, gzipSync("unfolded").subarray(0, 20), { "content-encoding": "gzip" });
  const server = await startRawServer((socket) => socket.write(half));
  expect(await errorOf(call(createEngine(server.baseUrl)))).toMatchObject({
    kind: "response",
    requestSent: true,
  });
});

test("a control character in a header is rejected before anything is sent", async () => {
  const server = await startRawServer((socket) => socket.write(ok));
  const headers = new Map([["x-secret", "a\u0001marker-of-a-secret"]]);
  const error = await errorOf(call(createEngine(server.baseUrl), { headers }));
  expect(error).toMatchObject({ kind: "request", requestSent: false });
  expect(error.message).not.toContain("marker");
  expect(server.connections).toBe(0);
});

describe("the agent", () => {
  test.each<[string, number, number]>([
    ["timeout=5, max=100", 0, 5_000],
    ["timeout=3600", 60_000, 60_000],
  ])(
    "keeps an idle connection as long as the server's hint %j says, a minute at most",
    async (hint, _least, most) => {
      const server = await startRawServer((socket) =>
        socket.write(httpAnswer(200, "{}", { "keep-alive": hint })),
      );
      const { agent } = createConnections(Agent, { endpoint: parseBaseUrl(server.baseUrl) });
      const idle = new Promise<Socket>((resolve) => {
        const keep = agent.keepSocketAlive;
        agent.keepSocketAlive = (socket: Socket) => {
          const kept = keep.call(agent, socket);
          resolve(socket);
          return kept;
        };
      });
      request({ host: "127.0.0.1", port: server.port, agent }, (response) => response.resume()).end();
      const { timeout } = await idle;
      expect(timeout).toBeGreaterThan(0);
      expect(timeout).toBeLessThanOrEqual(most);
      if (most === 60_000) expect(timeout).toBe(60_000);
      agent.destroy();
    },
  );
});

test("a call outlives the timeout for idle connections: its own deadline ends it, and nothing else", async () => {
  const sockets: Socket[] = [];
  const { baseUrl, received } = await startRawServer((socket) => sockets.push(socket));
  const requests: ClientRequest[] = [];
  const onStart = (event: unknown) => requests.push((event as { request: ClientRequest }).request);
  subscribe("http.client.request.start", onStart);
  closeAfterTest(async () => {
    unsubscribe("http.client.request.start", onStart);
  });
  const content = call(createEngine(baseUrl));
  await received(1);
  // As after a minute without a byte: Node emits it on the socket, which hands it on to the request.
  const silence = () => requests[0]?.socket?.emit("timeout");
  expect(silence()).toBe(true);
  sockets[0]?.write(httpAnswer(200, "{}").slice(0, -1));
  await once(requests[0] ?? new EventEmitter(), "response");
  silence();
  sockets[0]?.write("}");
  expect(await content).toBe("{}");
});
