// SPDX-License-Identifier: Apache-2.0
import type { Socket } from "node:net";
import { brotliCompressSync, deflateSync, gzipSync } from "node:zlib";
import { type Abort, abortOf } from "../../../src/transport/call/abort.js";
import type { Progress } from "../../../src/transport/call/protocol.js";
import { parseBaseUrl } from "../../../src/transport/endpoint.js";
import type { HttpRequest } from "../../../src/transport/http/engine.js";
import { HttpError } from "../../../src/transport/http/errors.js";
import { resolveEngine } from "../../../src/transport/http/options.js";
import { closeAfterTest, closedPort, httpAnswer, startRawServer } from "../raw-server.js";
import { engines } from "../rest-fixture.js";

const MIB = 1024 * 1024;
const text = (bytes: Uint8Array) => Buffer.from(bytes).toString();

function request(more: Partial<HttpRequest> = {}): HttpRequest {
  return {
    method: "GET",
    path: "/",
    headers: new Map(),
    body: undefined,
    idempotent: false,
    ...more,
  };
}

const never = abortOf(new AbortController().signal);

async function errorOf(promise: Promise<unknown>): Promise<HttpError> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof HttpError)) throw new Error(`expected an HttpError, got ${String(error)}`);
  return error;
}

describe.each(engines)("the %s engine", (name, http) => {
  function createEngine(origin: string) {
    const engine = resolveEngine(http(), parseBaseUrl(origin));
    closeAfterTest(() => engine.close());
    return {
      close: engine.close,
      send: (request: HttpRequest, abort: Abort, progress: Progress = { requestSent: false }) =>
        engine.send(request, abort, progress),
    };
  }

  test.each(["POST", "PUT", "PATCH"])("says content-length: 0 on a %s without a body", async (method) => {
    const server = await startRawServer((socket) => socket.write(httpAnswer(200, "{}")));
    const response = await createEngine(server.baseUrl).send(request({ method, path: "/v1/a:b?c=d" }), never);
    expect(text((await response.bytes(MIB)).content)).toBe("{}");
    expect(server.requests[0]).toMatch(new RegExp(`^${method} /v1/a:b\\?c=d HTTP/1.1\r\n`));
    expect(server.requests[0]).toMatch(/\r\ncontent-length: 0\r\n/i);
    expect(server.requests[0]).not.toMatch(/transfer-encoding|content-type/i);
    expect(server.requests[0]?.endsWith("\r\n\r\n")).toBe(true);
  });

  test.each(["GET", "DELETE"])("sends a %s with nothing behind the headers", async (method) => {
    const server = await startRawServer((socket) => socket.write(httpAnswer(200, "{}")));
    await (await createEngine(server.baseUrl).send(request({ method }), never)).bytes(MIB);
    expect(server.requests[0]?.endsWith("\r\n\r\n")).toBe(true);
    expect(server.requests[0]).not.toMatch(/transfer-encoding|content-type/i);
  });

  test.each([
    ["text", "größe"],
    ["bytes", new TextEncoder().encode("größe")],
  ])("sends a body of %s with its length in bytes", async (_kind, body) => {
    const server = await startRawServer((socket) => socket.write(httpAnswer(200, "{}")));
    const headers = new Map([["content-type", "application/json"]]);
    await (await createEngine(server.baseUrl).send(request({ method: "POST", body, headers }), never)).bytes(
      MIB,
    );
    expect(server.requests[0]).toMatch(/\r\ncontent-length: 7\r\n/i);
    expect(server.requests[0]).toMatch(/\r\ncontent-type: application\/json\r\n/i);
    expect(server.requests[0]).not.toMatch(/transfer-encoding/i);
    expect(
      Buffer.from(server.requests[0] ?? "", "latin1")
        .toString()
        .endsWith("\r\n\r\ngröße"),
    ).toBe(true);
  });

  test("keeps the connection for the next request", async () => {
    const server = await startRawServer((socket) => socket.write(httpAnswer(200, "{}")));
    const client = createEngine(server.baseUrl);
    for (let n = 0; n < 10; n++) await (await client.send(request(), never)).bytes(MIB);
    // A second one, since a connection rests for one turn of the event loop after an answer.
    expect(server.connections).toBeLessThanOrEqual(2);
  });

  test("hands a redirect over instead of following it", async () => {
    const target = await startRawServer((socket) => socket.write(httpAnswer(200, "{}")));
    const server = await startRawServer((socket) =>
      socket.write(httpAnswer(302, "", { location: target.baseUrl })),
    );
    const response = await createEngine(server.baseUrl).send(request({ method: "POST" }), never);
    expect(response.status).toBe(302);
    expect(response.headers.get("location")).toBe(target.baseUrl);
    await response.bytes(MIB);
    expect(target.requests).toEqual([]);
  });

  test.each([
    ["gzip", gzipSync("unfolded")],
    ["deflate", deflateSync("unfolded")],
    ["br", brotliCompressSync("unfolded")],
    ["gzip, deflate", deflateSync(gzipSync("unfolded"))],
    ["identity", Buffer.from("unfolded")],
  ])("undoes content-encoding %s", async (coding, body) => {
    const server = await startRawServer((socket) =>
      socket.write(httpAnswer(200, body, { "content-encoding": coding })),
    );
    const response = await createEngine(server.baseUrl).send(request(), never);
    expect(await response.bytes(MIB)).toEqual({ content: expect.anything(), complete: true });
    const again = await createEngine(server.baseUrl).send(request(), never);
    const parts = [];
    for await (const part of again.chunks()) parts.push(part);
    expect(text(Buffer.concat(parts))).toBe("unfolded");
  });

  test("says that gzip garbage is no readable response", async () => {
    const garbage = httpAnswer(200, "not gzip at all", { "content-encoding": "gzip" });
    const server = await startRawServer((socket) => socket.write(garbage));
    const response = await createEngine(server.baseUrl).send(request(), never);
    expect(await errorOf(response.bytes(MIB))).toMatchObject({ kind: "response", requestSent: true });
  });

  test("stops reading at the limit and drops the connection", async () => {
    const server = await startRawServer((socket) => {
      socket.write("HTTP/1.1 200 x\r\ntransfer-encoding: chunked\r\n\r\n");
      const chunk = `10000\r\n${"x".repeat(0x10000)}\r\n`;
      const more = () => {
        while (socket.writable && socket.write(chunk));
      };
      socket.on("drain", more);
      more();
    });
    const response = await createEngine(server.baseUrl).send(request(), never);
    const { content, complete } = await response.bytes(100_000);
    expect({ size: content.byteLength, complete }).toEqual({ size: 100_000, complete: false });
    await server.closed(1);
  });

  test("stops unfolding a compressed body at the limit", async () => {
    const bomb = gzipSync(Buffer.alloc(50 * MIB));
    expect(bomb.byteLength).toBeLessThan(100_000);
    const server = await startRawServer((socket) =>
      socket.write(httpAnswer(200, bomb, { "content-encoding": "gzip" })),
    );
    const response = await createEngine(server.baseUrl).send(request(), never);
    const { content, complete } = await response.bytes(100_000);
    expect({ size: content.byteLength, complete }).toEqual({ size: 100_000, complete: false });
  });

  test("reads a body of exactly the limit", async () => {
    const server = await startRawServer((socket) => socket.write(httpAnswer(200, "1234")));
    const response = await createEngine(server.baseUrl).send(request(), never);
    expect(await response.bytes(4)).toMatchObject({ complete: true });
  });

  test("rejects with a connection error, not sent, when nobody listens", async () => {
    const origin = `http://127.0.0.1:${await closedPort()}`;
    const failure = await errorOf(createEngine(origin).send(request(), never));
    expect(failure).toMatchObject({ kind: "connection", requestSent: false });
    expect(failure.message).toContain(origin);
    expect(failure.message).toContain("ECONNREFUSED");
  });

  test.each([
    ["before the headers", ""],
    ["in the headers", "HTTP/1.1 200 OK\r\ncontent-le"],
    ["in the body", "HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n{}"],
    ["in a chunked body", "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\n{}"],
  ])("rejects with a connection error, sent, when the server dies %s", async (_when, answer) => {
    const server = await startRawServer((socket) => socket.end(answer));
    const failure = await errorOf(
      createEngine(server.baseUrl)
        .send(request(), never)
        .then((response) => response.bytes(MIB)),
    );
    expect(failure).toMatchObject({ kind: "connection", requestSent: true });
  });

  test("rejects what is not HTTP", async () => {
    const server = await startRawServer((socket) => socket.end("220 smtp ready\r\n"));
    const failure = await errorOf(createEngine(server.baseUrl).send(request(), never));
    expect(failure).toMatchObject({ kind: "response", requestSent: true });
  });

  test("sends nothing when the signal has aborted already", async () => {
    const server = await startRawServer((socket) => socket.write(httpAnswer(200, "{}")));
    const reason = new Error("stop");
    const abort = abortOf(AbortSignal.abort(reason));
    await expect(createEngine(server.baseUrl).send(request(), abort)).rejects.toBe(reason);
    expect(server.connections).toBe(0);
  });

  test("rejects with the signal's reason while connecting, waiting and reading", async () => {
    const server = await startRawServer((socket, _request, index) => {
      if (index > 0) socket.write("HTTP/1.1 200 x\r\ncontent-length: 10\r\n\r\n{");
    });
    const client = createEngine(server.baseUrl);
    const reason = new Error("stop");
    for (const stage of ["connecting", "waiting", "reading"]) {
      const controller = new AbortController();
      const progress = { requestSent: false };
      const sending = client.send(request(), abortOf(controller.signal), progress);
      if (stage === "waiting") await server.received(1);
      const reading = stage === "reading" ? (await sending).bytes(MIB) : sending;
      controller.abort(reason);
      await expect(reading).rejects.toBe(reason);
      // A fetch does not say when its request goes out.
      expect(progress.requestSent).toBe(stage !== "connecting" || name === "fetch");
    }
    await server.closed(2);
  });

  test("lets open requests end when it is closed, and rejects further ones", async () => {
    const sockets: Socket[] = [];
    const server = await startRawServer((socket) => sockets.push(socket));
    const client = createEngine(server.baseUrl);
    const sending = client.send(request(), never).then((response) => response.bytes(MIB));
    await server.received(1);
    const closing = client.close();
    expect(await errorOf(client.send(request(), never))).toMatchObject({
      kind: "closed",
      requestSent: false,
    });
    for (const socket of sockets) socket.write(httpAnswer(200, "{}"));
    expect(text((await sending).content)).toBe("{}");
    await closing;
  });

  test("can be closed before it was used, and twice", async () => {
    const client = createEngine("http://127.0.0.1:1");
    await client.close();
    await client.close();
  });

  test("can be closed twice after it was used", async () => {
    const server = await startRawServer((socket) => socket.write(httpAnswer(200, "{}")));
    const client = createEngine(server.baseUrl);
    await (await client.send(request(), never)).bytes(MIB);
    await Promise.all([client.close(), client.close()]);
    await client.close();
  });

  test.each([
    ["200 with gzip", httpAnswer(200, "", { "content-encoding": "gzip" })],
    ["204 with br", httpAnswer(204, "", { "content-encoding": "br" })],
    ["200 with two codings", httpAnswer(200, "", { "content-encoding": "gzip, deflate" })],
    [
      "200 with gzip, in chunks",
      "HTTP/1.1 200 x\r\ncontent-encoding: gzip\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
    ],
  ])("takes an empty body for empty, whatever its coding: %s", async (_what, answer) => {
    const server = await startRawServer((socket) => socket.write(answer));
    const response = await createEngine(server.baseUrl).send(request(), never);
    expect(await response.bytes(MIB)).toMatchObject({ content: new Uint8Array(), complete: true });
  });

  test("puts a body that comes in pieces together", async () => {
    const pieces = ["a", "", "bc", "d".repeat(100_000), "e"];
    const server = await startRawServer((socket) => {
      socket.write("HTTP/1.1 200 x\r\ntransfer-encoding: chunked\r\n\r\n");
      for (const piece of pieces)
        if (piece !== "") socket.write(`${piece.length.toString(16)}\r\n${piece}\r\n`);
      socket.write("0\r\n\r\n");
    });
    const response = await createEngine(server.baseUrl).send(request(), never);
    expect(text((await response.bytes(MIB)).content)).toBe(pieces.join(""));
  });
});
