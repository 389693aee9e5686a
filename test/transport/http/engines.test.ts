// SPDX-License-Identifier: Apache-2.0
import { connect, type Socket } from "node:net";
import { brotliCompressSync, deflateSync, gzipSync } from "node:zlib";
import { abortOf } from "../../../src/transport/abort.js";
import { createHttpClient as createFetchClient } from "../../../src/transport/http/fetch.js";
import { type HttpClient, HttpFailure, type HttpRequest } from "../../../src/transport/http/http-client.js";
import { createHttpClient as createUndiciClient } from "../../../src/transport/http/undici/client.js";
import { closeAfterTest, closedPort, httpAnswer, startRawServer } from "../raw-server.js";

const MIB = 1024 * 1024;
const text = (bytes: Uint8Array) => Buffer.from(bytes).toString();

function request(origin: string, more: Partial<HttpRequest> = {}): HttpRequest {
  return {
    method: "GET",
    origin,
    path: "/",
    headers: new Headers(),
    body: undefined,
    ...more,
  };
}

const never = abortOf(new AbortController().signal);

async function failureOf(promise: Promise<unknown>): Promise<HttpFailure> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof HttpFailure)) throw new Error(`expected an HttpFailure, got ${String(error)}`);
  return error;
}

describe.each([
  ["undici", createUndiciClient],
  ["fetch", createFetchClient],
])("the %s engine", (_engine, createHttpClient) => {
  function createClient(): HttpClient {
    const client = createHttpClient();
    closeAfterTest(() => client.close());
    return client;
  }

  test.each(["POST", "PUT", "PATCH"])("says content-length: 0 on a %s without a body", async (method) => {
    const server = await startRawServer((socket) => socket.write(httpAnswer(200, "{}")));
    const response = await createClient().send(
      request(server.baseUrl, { method, path: "/v1/a:b?c=d" }),
      never,
    );
    expect(text((await response.bytes(MIB)).content)).toBe("{}");
    expect(server.requests[0]).toMatch(new RegExp(`^${method} /v1/a:b\\?c=d HTTP/1.1\r\n`));
    expect(server.requests[0]).toMatch(/\r\ncontent-length: 0\r\n/i);
    expect(server.requests[0]).not.toMatch(/transfer-encoding|content-type/i);
    expect(server.requests[0]?.endsWith("\r\n\r\n")).toBe(true);
  });

  test.each(["GET", "DELETE"])("sends a %s with nothing behind the headers", async (method) => {
    const server = await startRawServer((socket) => socket.write(httpAnswer(200, "{}")));
    await (await createClient().send(request(server.baseUrl, { method }), never)).bytes(MIB);
    expect(server.requests[0]?.endsWith("\r\n\r\n")).toBe(true);
    expect(server.requests[0]).not.toMatch(/transfer-encoding|content-type/i);
  });

  test.each([
    ["text", "größe"],
    ["bytes", new TextEncoder().encode("größe")],
  ])("sends a body of %s with its length in bytes", async (_kind, body) => {
    const server = await startRawServer((socket) => socket.write(httpAnswer(200, "{}")));
    const headers = new Headers({ "content-type": "application/json" });
    await (
      await createClient().send(request(server.baseUrl, { method: "POST", body, headers }), never)
    ).bytes(MIB);
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
    const client = createClient();
    for (let n = 0; n < 10; n++) await (await client.send(request(server.baseUrl), never)).bytes(MIB);
    // A second one, since a connection rests for one turn of the event loop after an answer.
    expect(server.connections).toBeLessThanOrEqual(2);
  });

  test("hands a redirect over instead of following it", async () => {
    const target = await startRawServer((socket) => socket.write(httpAnswer(200, "{}")));
    const server = await startRawServer((socket) =>
      socket.write(httpAnswer(302, "", { location: target.baseUrl })),
    );
    const response = await createClient().send(request(server.baseUrl, { method: "POST" }), never);
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
    const response = await createClient().send(request(server.baseUrl), never);
    expect(await response.bytes(MIB)).toEqual({ content: expect.anything(), complete: true });
    const again = await createClient().send(request(server.baseUrl), never);
    const parts = [];
    for await (const part of again.chunks()) parts.push(part);
    expect(text(Buffer.concat(parts))).toBe("unfolded");
  });

  test("says that gzip garbage is no readable answer", async () => {
    const garbage = httpAnswer(200, "not gzip at all", { "content-encoding": "gzip" });
    const server = await startRawServer((socket) => socket.write(garbage));
    const response = await createClient().send(request(server.baseUrl), never);
    expect(await failureOf(response.bytes(MIB))).toMatchObject({ kind: "answer", requestSent: true });
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
    const response = await createClient().send(request(server.baseUrl), never);
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
    const response = await createClient().send(request(server.baseUrl), never);
    const { content, complete } = await response.bytes(100_000);
    expect({ size: content.byteLength, complete }).toEqual({ size: 100_000, complete: false });
  });

  test("reads a body of exactly the limit", async () => {
    const server = await startRawServer((socket) => socket.write(httpAnswer(200, "1234")));
    const response = await createClient().send(request(server.baseUrl), never);
    expect(await response.bytes(4)).toMatchObject({ complete: true });
  });

  test("rejects with a connection failure, not sent, when nobody listens", async () => {
    const origin = `http://127.0.0.1:${await closedPort()}`;
    const failure = await failureOf(createClient().send(request(origin), never));
    expect(failure).toMatchObject({ kind: "connection", requestSent: false });
    expect(failure.message).toContain(origin);
    expect(failure.message).toContain("ECONNREFUSED");
  });

  test.each([
    ["before the headers", ""],
    ["in the headers", "HTTP/1.1 200 OK\r\ncontent-le"],
    ["in the body", "HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n{}"],
    ["in a chunked body", "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\n{}"],
  ])("rejects with a connection failure, sent, when the server dies %s", async (_when, answer) => {
    const server = await startRawServer((socket) => socket.end(answer));
    const failure = await failureOf(
      createClient()
        .send(request(server.baseUrl), never)
        .then((response) => response.bytes(MIB)),
    );
    expect(failure).toMatchObject({ kind: "connection", requestSent: true });
  });

  test("rejects what is not HTTP", async () => {
    const server = await startRawServer((socket) => socket.end("220 smtp ready\r\n"));
    const failure = await failureOf(createClient().send(request(server.baseUrl), never));
    expect(failure).toMatchObject({ kind: "answer", requestSent: true });
  });

  test("sends nothing when the signal has aborted already", async () => {
    const server = await startRawServer((socket) => socket.write(httpAnswer(200, "{}")));
    const reason = new Error("stop");
    const abort = abortOf(AbortSignal.abort(reason));
    await expect(createClient().send(request(server.baseUrl), abort)).rejects.toBe(reason);
    expect(server.connections).toBe(0);
  });

  test("rejects with the signal's reason while connecting, waiting and reading", async () => {
    const server = await startRawServer((socket, _request, index) => {
      if (index > 0) socket.write("HTTP/1.1 200 x\r\ncontent-length: 10\r\n\r\n{");
    });
    const client = createClient();
    const reason = new Error("stop");
    for (const stage of ["connecting", "waiting", "reading"]) {
      const controller = new AbortController();
      const sending = client.send(request(server.baseUrl), abortOf(controller.signal));
      if (stage === "waiting") await server.received(1);
      const reading = stage === "reading" ? (await sending).bytes(MIB) : sending;
      controller.abort(reason);
      await expect(reading).rejects.toBe(reason);
    }
    await server.closed(2);
  });

  test("lets open requests end when it is closed, and refuses further ones", async () => {
    const sockets: Socket[] = [];
    const server = await startRawServer((socket) => sockets.push(socket));
    const client = createHttpClient();
    const sending = client.send(request(server.baseUrl), never).then((response) => response.bytes(MIB));
    await server.received(1);
    const closing = client.close();
    expect(await failureOf(client.send(request(server.baseUrl), never))).toMatchObject({
      kind: "closed",
      requestSent: false,
    });
    for (const socket of sockets) socket.write(httpAnswer(200, "{}"));
    expect(text((await sending).content)).toBe("{}");
    await closing;
  });

  test("can be closed before it was used, and twice", async () => {
    const client = createHttpClient();
    await client.close();
    await client.close();
  });

  test("can be closed twice after it was used", async () => {
    const server = await startRawServer((socket) => socket.write(httpAnswer(200, "{}")));
    const client = createHttpClient();
    await (await client.send(request(server.baseUrl), never)).bytes(MIB);
    await Promise.all([client.close(), client.close()]);
    await client.close();
  });
});

test("the undici engine says that a gzip body which ends early is no readable answer", async () => {
  const half = httpAnswer(200, gzipSync("unfolded").subarray(0, 20), { "content-encoding": "gzip" });
  const server = await startRawServer((socket) => socket.write(half));
  const client = createUndiciClient();
  closeAfterTest(() => client.close());
  const response = await client.send(request(server.baseUrl), never);
  expect(await failureOf(response.bytes(MIB))).toMatchObject({ kind: "answer", requestSent: true });
});

test("the undici engine makes no new connection for a request that was aborted", async () => {
  const server = await startRawServer(() => undefined);
  const client = createUndiciClient();
  closeAfterTest(() => client.close());
  const controller = new AbortController();
  const sending = client.send(request(server.baseUrl), abortOf(controller.signal));
  await server.received(1);
  controller.abort(new Error("stop"));
  await expect(sending).rejects.toThrow("stop");
  await server.closed(1);
  // Connections are accepted in the order in which they are made: one of ours shows that there was none before it.
  const probe = connect(server.port, "127.0.0.1");
  probe.end("GET / HTTP/1.1\r\n\r\n");
  await server.received(2);
  probe.destroy();
  expect(server.connections).toBe(2);
});
