// SPDX-License-Identifier: Apache-2.0
import type { Socket } from "node:net";
import { gzipSync } from "node:zlib";
import { Code, createClient, type Interceptor } from "@connectrpc/connect";
import { Operations } from "../../gen/google/longrunning/operations_pb.js";
import type { RestTransportOptions } from "../../src/index.js";
import { type Answer, closedPort, httpAnswer, startRawServer } from "./raw-server.js";
import { callErrorOf, createTestTransport, engines } from "./rest-fixture.js";

const name = "operations/1";
const operation = '{"name":"operations/1"}';

/** What a server does to its first request, and what the call then says. */
const faults: [fault: string, answer: Answer, code: Code][] = [
  ["closes before the headers", (socket) => socket.end(), Code.Unavailable],
  ["resets before the headers", (socket) => socket.resetAndDestroy(), Code.Unavailable],
  ["closes in the headers", (socket) => socket.end("HTTP/1.1 200 OK\r\ncontent-le"), Code.Unavailable],
  [
    "closes in the body",
    (socket) => socket.end(`HTTP/1.1 200 x\r\ncontent-length: 99\r\n\r\n${operation}`),
    Code.Unavailable,
  ],
  [
    "closes in a chunked body",
    (socket) => socket.end(`HTTP/1.1 200 x\r\ntransfer-encoding: chunked\r\n\r\n99\r\n${operation}`),
    Code.Unavailable,
  ],
  [
    "closes in a body that it wanted to close after",
    (socket) => socket.end(`HTTP/1.1 200 x\r\nconnection: close\r\ncontent-length: 99\r\n\r\n${operation}`),
    Code.Unavailable,
  ],
  [
    "says a length that is too small",
    (socket) =>
      socket.end(`HTTP/1.1 200 x\r\ncontent-length: 5\r\nconnection: close\r\n\r\n${operation.slice(0, 5)}`),
    Code.Unknown, // what came is half an object
  ],
  ["does not speak HTTP", (socket) => socket.end("220 mail.example.com ESMTP\r\n"), Code.Internal],
  [
    "answers with gzip garbage",
    (socket) => socket.write(httpAnswer(200, "no", { "content-encoding": "gzip" })),
    Code.Internal,
  ],
  [
    "answers above the limit",
    (socket) => socket.write(httpAnswer(200, `"${"x".repeat(20_000)}"`)),
    Code.ResourceExhausted,
  ],
  ["answers without an end", (socket) => endless(socket, "x".repeat(1_000)), Code.ResourceExhausted],
  [
    "answers small and unfolds above the limit",
    (socket) =>
      socket.write(httpAnswer(200, gzipSync(" ".repeat(10_000_000)), { "content-encoding": "gzip" })),
    Code.ResourceExhausted,
  ],
];

/** Stages of a call at which the server says no more. */
const HANGS = ["before the headers", "in the body", "in an error's body"];

function endless(socket: Socket, chunk: string): void {
  socket.write("HTTP/1.1 200 x\r\ntransfer-encoding: chunked\r\n\r\n");
  const more = () => {
    while (socket.writable && socket.write(`${chunk.length.toString(16)}\r\n${chunk}\r\n`));
  };
  socket.on("drain", more);
  more();
}

describe.each(engines)("over the %s engine", (_engine, http) => {
  const connect = (baseUrl: string, options: Partial<RestTransportOptions> = {}) =>
    createClient(
      Operations,
      createTestTransport({ baseUrl, ...http(), maxResponseBytes: 10_000, ...options }),
    );

  test.each(faults)("a server that %s", async (_fault, answer, code) => {
    const server = await startRawServer((socket, request, index) => {
      if (index === 0) answer(socket, request, index);
      else socket.write(httpAnswer(200, operation));
    });
    const client = connect(server.baseUrl);
    expect(await callErrorOf(client.getOperation({ name }))).toMatchObject({
      code,
      requestSent: true,
      method: "google.longrunning.Operations.GetOperation",
      operationName: name,
    });
    // The transport is none the worse for it.
    expect(await client.getOperation({ name })).toMatchObject({ name });
  });

  test("a server that is not there", async () => {
    const port = await closedPort();
    const error = await callErrorOf(connect(`http://127.0.0.1:${port}`).getOperation({ name }));
    expect(error).toMatchObject({ code: Code.Unavailable, reason: "unavailable", requestSent: false });
    expect(error.rawMessage).toContain(`http://127.0.0.1:${port}`);
    expect(error.rawMessage).toContain("ECONNREFUSED");
    expect(error.cause).toBeDefined();
  });

  test("a host that does not exist", async () => {
    const error = await callErrorOf(connect("https://nowhere.invalid").getOperation({ name }));
    expect(error).toMatchObject({ code: Code.Unavailable, requestSent: false });
  });

  test("a redirect, which is not followed", async () => {
    const target = await startRawServer((socket) => socket.write(httpAnswer(200, operation)));
    for (const status of [301, 302, 303, 307, 308]) {
      const location = `${target.baseUrl}/v1/x?token=secret`;
      const server = await startRawServer((socket) => socket.write(httpAnswer(status, "", { location })));
      const error = await callErrorOf(connect(server.baseUrl).cancelOperation({ name }));
      expect(error).toMatchObject({ code: Code.Unknown, httpStatus: status });
      expect(error.rawMessage).toContain("redirects are not followed");
      expect(error.message).not.toContain("secret");
    }
    expect(target.connections).toBe(0);
  });

  describe("the caller's abort", () => {
    test("before the call sends nothing", async () => {
      const server = await startRawServer((socket) => socket.write(httpAnswer(200, operation)));
      const signal = AbortSignal.abort(new Error("changed my mind"));
      expect(await callErrorOf(connect(server.baseUrl).getOperation({ name }, { signal }))).toMatchObject({
        code: Code.Canceled,
        reason: "aborted-by-caller",
        requestSent: false,
        operationName: name,
      });
      expect(server.connections).toBe(0);
    });

    test.each(["in an interceptor", "while connecting", ...HANGS])(
      "%s ends the call at once, and the next call works",
      async (stage) => {
        const controller = new AbortController();
        const server = await startRawServer((socket, _request, index) => {
          if (index > 0 || !HANGS.includes(stage)) socket.write(httpAnswer(200, operation));
          else if (stage === "in the body") socket.write("HTTP/1.1 200 x\r\ncontent-length: 9\r\n\r\n{");
          else if (stage === "in an error's body")
            socket.write("HTTP/1.1 500 x\r\ncontent-length: 9\r\n\r\n{");
        });
        let stuck = stage === "in an interceptor";
        const hanging: Interceptor = (next) => (request) =>
          stuck ? new Promise(() => undefined) : next(request);
        const client = connect(server.baseUrl, { interceptors: [hanging] });
        const call = callErrorOf(client.getOperation({ name }, { signal: controller.signal }));
        if (HANGS.includes(stage)) await server.received(1);
        controller.abort();
        expect(await call).toMatchObject({
          code: Code.Canceled,
          reason: "aborted-by-caller",
          operationName: name,
        });
        stuck = false;
        expect(await client.getOperation({ name })).toMatchObject({ name });
      },
    );

    test("by AbortSignal.timeout is an abort, not a deadline", async () => {
      const server = await startRawServer((socket, _request, index) => {
        if (index === 0) socket.write(httpAnswer(200, operation));
      });
      const client = connect(server.baseUrl);
      await client.getOperation({ name });
      const signal = AbortSignal.timeout(50);
      expect(await callErrorOf(client.getOperation({ name }, { signal }))).toMatchObject({
        code: Code.Canceled,
        reason: "aborted-by-caller",
        requestSent: true,
      });
    });

    test("after the call does nothing", async () => {
      const server = await startRawServer((socket) => socket.write(httpAnswer(200, operation)));
      const controller = new AbortController();
      const client = connect(server.baseUrl);
      await client.getOperation({ name }, { signal: controller.signal });
      controller.abort();
      expect(await client.getOperation({ name })).toMatchObject({ name });
    });
  });

  describe("the deadline", () => {
    const silent: [stage: string, answer: Answer][] = [
      ["before the headers", () => undefined],
      ["in the body", (socket) => socket.write("HTTP/1.1 200 x\r\ncontent-length: 9\r\n\r\n{")],
      ["in an error's body", (socket) => socket.write("HTTP/1.1 500 x\r\ncontent-length: 9\r\n\r\n{")],
    ];

    test.each(silent)("%s ends the call, and drops the connection", async (_stage, answer) => {
      const server = await startRawServer((socket, request, index) => {
        // The connection is there by the second call, whose request thus leaves at once.
        if (index === 0) socket.write(httpAnswer(200, operation));
        else answer(socket, request, index);
      });
      const client = connect(server.baseUrl);
      await client.getOperation({ name });
      const error = await callErrorOf(client.getOperation({ name }, { timeoutMs: 100 }));
      expect(error).toMatchObject({
        code: Code.DeadlineExceeded,
        reason: "deadline-exceeded",
        requestSent: true,
        operationName: name,
      });
      await server.closed(1);
    });

    test("is the transport's where the call has none, and a longer one may replace it", async () => {
      const server = await startRawServer((socket, _request, index) => {
        if (index > 0) setTimeout(() => socket.write(httpAnswer(200, operation)), 150);
      });
      const client = connect(server.baseUrl, { defaultTimeoutMs: 100 });
      expect(await callErrorOf(client.getOperation({ name }))).toMatchObject({ code: Code.DeadlineExceeded });
      expect(await client.getOperation({ name }, { timeoutMs: 10_000 })).toMatchObject({ name });
      expect(await client.getOperation({ name }, { timeoutMs: 0 })).toMatchObject({ name });
    });

    test("ends a call that hangs in an interceptor", async () => {
      const server = await startRawServer((socket) => socket.write(httpAnswer(200, operation)));
      const hanging: Interceptor = () => () => new Promise(() => undefined);
      const client = connect(server.baseUrl, { interceptors: [hanging] });
      expect(await callErrorOf(client.getOperation({ name }, { timeoutMs: 50 }))).toMatchObject({
        code: Code.DeadlineExceeded,
        requestSent: false,
      });
    });
  });

  test("a closed transport lets its calls end and rejects new ones", async () => {
    const sockets: Socket[] = [];
    const server = await startRawServer((socket) => sockets.push(socket));
    const transport = createTestTransport({ baseUrl: server.baseUrl, ...http() });
    const client = createClient(Operations, transport);
    const call = client.getOperation({ name });
    await server.received(1);
    const closing = transport.close();
    expect(await callErrorOf(client.getOperation({ name }))).toMatchObject({
      code: Code.FailedPrecondition,
      requestSent: false,
    });
    for (const socket of sockets) socket.write(httpAnswer(200, operation));
    expect(await call).toMatchObject({ name });
    await closing;
  });
});
