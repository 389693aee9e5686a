// SPDX-License-Identifier: Apache-2.0
import { Code, type Interceptor } from "@connectrpc/connect";
import { createAsyncIterable } from "@connectrpc/connect/protocol";
import { follow, lineRules } from "../lines-service.js";
import { httpAnswer, startRawServer } from "../raw-server.js";
import { callErrorOf, createTestTransport } from "../rest-fixture.js";

const TWO_LINES = 'HTTP/1.1 200 x\r\ncontent-length: 99\r\n\r\n[{"text":"a"},{"text":"b"},';

const ONE_LINE = 'HTTP/1.1 200 x\r\ncontent-length: 99\r\n\r\n[{"text":"a"},';

/** A transport to a server that sends this, and stops. */
async function connect(response: string, ...interceptors: Interceptor[]) {
  const server = await startRawServer((socket) => socket.write(response));
  const transport = createTestTransport({ baseUrl: server.baseUrl, httpRules: lineRules, interceptors });
  const open = (signal?: AbortSignal, timeoutMs?: number) =>
    transport.stream(follow, signal, timeoutMs, undefined, createAsyncIterable([{ name: "logs/1" }]));
  return { server, open };
}

const hanging: Interceptor = () => () => new Promise(() => {});

test("rejects when the caller aborts, though an interceptor hangs", async () => {
  const { server, open } = await connect(TWO_LINES, hanging);
  const controller = new AbortController();
  const call = open(controller.signal);
  controller.abort();
  expect(await callErrorOf(call)).toMatchObject({ reason: "aborted-by-caller", requestSent: false });
  expect(server.connections).toBe(0);
});

test("rejects at its deadline, though an interceptor hangs", async () => {
  const { open } = await connect(TWO_LINES, hanging);
  expect(await callErrorOf(open(undefined, 1))).toMatchObject({ code: Code.DeadlineExceeded });
});

test("an interceptor's reading ends where the caller's does, and its signal aborts", async () => {
  const ends: string[] = [];
  let signal: AbortSignal | undefined;
  const watching: Interceptor = (next) => async (request) => {
    signal = request.signal;
    const response = await next(request);
    if (!response.stream) return response;
    async function* messages<T>(all: AsyncIterable<T>) {
      try {
        yield* all;
      } finally {
        ends.push("read");
      }
    }
    return { ...response, message: messages(response.message) };
  };
  const { server, open } = await connect(TWO_LINES, watching);
  for await (const message of (await open()).message) {
    expect(message).toMatchObject({ text: "a" });
    expect(signal?.aborted).toBe(false);
    break;
  }
  expect(ends).toEqual(["read"]);
  expect(signal?.aborted).toBe(true);
  await server.closed(1);
});

test("cancels when its reader stops, though an interceptor's messages cannot be told", async () => {
  const deaf: Interceptor = (next) => async (request) => {
    const response = await next(request);
    if (!response.stream) return response;
    const iterator = response.message[Symbol.asyncIterator]();
    return { ...response, message: { [Symbol.asyncIterator]: () => ({ next: () => iterator.next() }) } };
  };
  const { server, open } = await connect(TWO_LINES, deaf);
  for await (const message of (await open()).message) {
    expect(message).toMatchObject({ text: "a" });
    break;
  }
  await server.closed(1);
});

test("cancels when its reader stops, though an interceptor reads ahead and ends with its reading", async () => {
  const readingAhead: Interceptor = (next) => async (request) => {
    const response = await next(request);
    if (!response.stream) return response;
    const iterator = response.message[Symbol.asyncIterator]();
    async function* messages() {
      let ahead = iterator.next();
      try {
        for (let step = await ahead; step.done !== true; step = await ahead) {
          ahead = iterator.next();
          yield step.value;
        }
      } finally {
        await ahead;
      }
    }
    return { ...response, message: messages() };
  };
  const { server, open } = await connect(ONE_LINE, readingAhead);
  for await (const message of (await open()).message) {
    expect(message).toMatchObject({ text: "a" });
    break;
  }
  await server.closed(1);
});

test("aborts the signal that interceptors saw when the last message was read", async () => {
  let signal: AbortSignal | undefined;
  const watching: Interceptor = (next) => (request) => {
    signal = request.signal;
    return next(request);
  };
  const { open } = await connect(httpAnswer(200, `[{"text":"a"}]`).toString(), watching);
  const found: unknown[] = [];
  for await (const message of (await open()).message) {
    found.push(message);
    expect(signal?.aborted).toBe(false);
  }
  expect(found).toHaveLength(1);
  expect(signal?.aborted).toBe(true);
});

test("rejects an interceptor that makes a unary call of it", async () => {
  const unary: Interceptor = (next) => (request) =>
    next({ ...request, stream: false } as unknown as Parameters<typeof next>[0]);
  const { open } = await connect(TWO_LINES, unary);
  expect(await callErrorOf(open())).toMatchObject({ code: Code.Internal, requestSent: false });
});
