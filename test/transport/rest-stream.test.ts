// SPDX-License-Identifier: Apache-2.0
import type { DescMethodStreaming } from "@bufbuild/protobuf";
import { Code } from "@connectrpc/connect";
import type { RestTransport } from "../../src/index.js";
import { chat, collect, download, follow, lineRules } from "./lines-service.js";
import { httpAnswer, startRawServer } from "./raw-server.js";
import { callErrorOf, createTestTransport, engines } from "./rest-fixture.js";

async function* one<T>(message: T) {
  yield message;
}

interface StreamOptions {
  signal?: AbortSignal;
  timeoutMs?: number;
}

/** Reads a stream to its end: what came, and what it failed with. */
async function collected(
  transport: RestTransport,
  method: DescMethodStreaming,
  { signal, timeoutMs }: StreamOptions = {},
): Promise<{ messages: unknown[]; error: unknown }> {
  const messages: unknown[] = [];
  try {
    const input = one({ name: "logs/1" });
    const response = await transport.stream(method, signal, timeoutMs, undefined, input);
    for await (const message of response.message) messages.push(message);
  } catch (error) {
    return { messages, error };
  }
  return { messages, error: undefined };
}

const line = (text: string) => ({ $typeName: "test.v1.Line", text });

describe.each(engines)("a stream over the %s engine", (_engine, http) => {
  const connect = (baseUrl: string) =>
    createTestTransport({
      baseUrl,
      httpRules: lineRules,
      ...http(),
      maxResponseBytes: 1_000,
    });

  test.each<[string, string, string[]]>([
    ["an array", '[{"text":"a"},\n{"text":"b"}]', ["a", "b"]],
    ["an empty array", "[]", []],
    ["nothing", "", []],
    ["lines", '{"text":"a"}\n{"text":"b"}\n', ["a", "b"]],
    ["the lines of grpc-gateway", '{"result":{"text":"a"}}\n{"result":{"text":"b"}}\n', ["a", "b"]],
  ])("reads %s", async (_kind, body, want) => {
    const server = await startRawServer((socket) => socket.write(httpAnswer(200, body)));
    const { messages, error } = await collected(connect(server.baseUrl), follow);
    expect(error).toBeUndefined();
    expect(messages).toEqual(want.map(line));
    expect(server.requests[0]).toMatch(/^GET \/v1\/logs\/1:follow HTTP/);
  });

  test("hands over each message as soon as it is there, wherever the bytes are split", async () => {
    const body = Buffer.from('[{"text":"grö"},{"text":"ße"}]');
    let more = () => {};
    const server = await startRawServer((socket) => {
      socket.write("HTTP/1.1 200 x\r\ntransfer-encoding: chunked\r\n\r\n");
      const write = (bytes: Buffer) =>
        socket.write(Buffer.concat([Buffer.from("1\r\n"), bytes, Buffer.from("\r\n")]));
      const end = body.indexOf("}") + 1;
      for (let at = 0; at < end; at++) write(body.subarray(at, at + 1));
      more = () => {
        for (let at = end; at < body.length; at++) write(body.subarray(at, at + 1));
        socket.write("0\r\n\r\n");
      };
    });
    const transport = connect(server.baseUrl);
    const response = await transport.stream(follow, undefined, undefined, undefined, one({ name: "logs/1" }));
    const messages = [];
    for await (const message of response.message) {
      messages.push(message);
      if (messages.length === 1) more();
    }
    expect(messages).toEqual([line("grö"), line("ße")]);
  });

  test("throws the error that is the last element, after the messages before it", async () => {
    const status = { code: 404, status: "NOT_FOUND", message: "it went away" };
    const body = JSON.stringify([{ text: "a" }, { error: status }]);
    const server = await startRawServer((socket) => socket.write(httpAnswer(200, body)));
    const { messages, error } = await collected(connect(server.baseUrl), follow);
    expect(messages).toEqual([line("a")]);
    expect(error).toMatchObject({
      code: Code.NotFound,
      rawMessage: expect.stringContaining("it went away"),
      method: "test.v1.Lines.Follow",
      operationName: "logs/1",
      httpStatus: 200,
      requestSent: true,
    });
  });

  test("throws an HTTP error before the first message", async () => {
    const body = '[{"error":{"code":403,"status":"PERMISSION_DENIED","message":"no"}}]';
    const server = await startRawServer((socket) => socket.write(httpAnswer(403, body)));
    const { error } = await collected(connect(server.baseUrl), follow);
    expect(error).toMatchObject({ code: Code.PermissionDenied, httpStatus: 403, operationName: "logs/1" });
  });

  test.each<[string, string, Code]>([
    ["ends in the middle of the array", '[{"text":"a"},', Code.Internal],
    ["ends in the middle of a message", '[{"text":"a"},{"te', Code.Internal],
    ["is no JSON", '[{"text":"a"},<html>', Code.Internal],
    ["has a message of another shape", '[{"text":"a"},{"text":{}}]', Code.Internal],
    [
      "has a message above the limit",
      `[{"text":"a"},{"text":"${"x".repeat(2_000)}"}]`,
      Code.ResourceExhausted,
    ],
  ])("fails when it %s", async (_what, body, code) => {
    const server = await startRawServer((socket) => socket.write(httpAnswer(200, body)));
    const { messages, error } = await collected(connect(server.baseUrl), follow);
    expect(messages).toEqual([line("a")]);
    expect(error).toMatchObject({ code, method: "test.v1.Lines.Follow", requestSent: true });
  });

  test("is Unavailable when the connection dies under it, and the next call works", async () => {
    const server = await startRawServer((socket, _request, index) => {
      if (index === 0) socket.end('HTTP/1.1 200 x\r\ncontent-length: 99\r\n\r\n[{"text":"a"},');
      else socket.write(httpAnswer(200, "[]"));
    });
    const transport = connect(server.baseUrl);
    const { messages, error } = await collected(transport, follow);
    expect(messages).toEqual([line("a")]);
    expect(error).toMatchObject({ code: Code.Unavailable, reason: "unavailable", requestSent: true });
    expect(await collected(transport, follow)).toEqual({ messages: [], error: undefined });
  });

  test("ends with the caller's abort, and drops the connection", async () => {
    const server = await startRawServer((socket) => {
      socket.write('HTTP/1.1 200 x\r\ncontent-length: 99\r\n\r\n[{"text":"a"},');
    });
    const transport = connect(server.baseUrl);
    const controller = new AbortController();
    const input = one({ name: "logs/1" });
    const response = await transport.stream(follow, controller.signal, undefined, undefined, input);
    const messages = response.message[Symbol.asyncIterator]();
    expect(await messages.next()).toMatchObject({ value: line("a") });
    const next = messages.next();
    controller.abort(new Error("enough"));
    expect(await callErrorOf(next)).toMatchObject({ code: Code.Canceled, reason: "aborted-by-caller" });
    await server.closed(1);
  });

  test("hands over nothing after an abort, though it is there already", async () => {
    const server = await startRawServer((socket) => {
      socket.write('HTTP/1.1 200 x\r\ncontent-length: 99\r\n\r\n[{"text":"a"},{"text":"b"},');
    });
    const controller = new AbortController();
    const input = one({ name: "logs/1" });
    const response = await connect(server.baseUrl).stream(
      follow,
      controller.signal,
      undefined,
      undefined,
      input,
    );
    const messages = response.message[Symbol.asyncIterator]();
    expect(await messages.next()).toMatchObject({ value: line("a") });
    controller.abort();
    expect(await callErrorOf(messages.next())).toMatchObject({ reason: "aborted-by-caller" });
    await server.closed(1);
  });

  test("ends at its deadline", async () => {
    const server = await startRawServer((socket) => {
      socket.write('HTTP/1.1 200 x\r\ncontent-length: 99\r\n\r\n[{"text":"a"},');
    });
    const { messages, error } = await collected(connect(server.baseUrl), follow, { timeoutMs: 1_000 });
    expect(messages).toEqual([line("a")]);
    expect(error).toMatchObject({ code: Code.DeadlineExceeded, reason: "deadline-exceeded" });
    await server.closed(1);
  });

  test("drops the connection when its reader stops early", async () => {
    const server = await startRawServer((socket) => {
      socket.write('HTTP/1.1 200 x\r\ncontent-length: 99\r\n\r\n[{"text":"a"},');
    });
    const transport = connect(server.baseUrl);
    const response = await transport.stream(follow, undefined, undefined, undefined, one({ name: "logs/1" }));
    for await (const message of response.message) {
      expect(message).toEqual(line("a"));
      break;
    }
    await server.closed(1);
  });

  test("gives the pieces of a google.api.HttpBody", async () => {
    const answer = httpAnswer(200, "a,b\n", { "content-type": "text/csv" });
    const server = await startRawServer((socket) => socket.write(answer));
    const { messages, error } = await collected(connect(server.baseUrl), download);
    expect(error).toBeUndefined();
    expect(messages).toMatchObject([{ contentType: "text/csv", data: new Uint8Array(Buffer.from("a,b\n")) }]);
  });

  test.each([collect, chat])("rejects a stream of requests, and sends nothing: $name", async (method) => {
    const server = await startRawServer((socket) => socket.write(httpAnswer(200, "[]")));
    const { error } = await collected(connect(server.baseUrl), method);
    expect(error).toMatchObject({
      code: Code.Unimplemented,
      requestSent: false,
      method: `test.v1.Lines.${method.name}`,
    });
    expect(server.connections).toBe(0);
  });

  test.each([
    ["none", [], "no message"],
    ["two", [{ name: "logs/1" }, { name: "logs/2" }], "more than one"],
  ])("rejects a request of %s messages", async (_count, inputs, problem) => {
    const server = await startRawServer((socket) => socket.write(httpAnswer(200, "[]")));
    const input = (async function* () {
      yield* inputs;
    })();
    const transport = connect(server.baseUrl);
    const error = await callErrorOf(transport.stream(follow, undefined, undefined, undefined, input));
    expect(error).toMatchObject({ code: Code.InvalidArgument, requestSent: false });
    expect(error.rawMessage).toContain(problem);
    expect(server.connections).toBe(0);
  });
});
