// SPDX-License-Identifier: Apache-2.0
import { Code, ConnectError, createClient, type Interceptor } from "@connectrpc/connect";
import { createAsyncIterable } from "@connectrpc/connect/protocol";
import { Operations } from "../../../gen/google/longrunning/operations_pb.js";
import { CallAbort } from "../../../src/transport/call/abort.js";
import { follow, lineRules } from "../lines-service.js";
import { httpAnswer, startRawServer } from "../raw-server.js";
import { callErrorOf, createTestTransport, engines } from "../rest-fixture.js";

/** Runs with a clock that stands until it is told otherwise, and timers that never fire. */
function withClock(run: (advance: (ms: number) => void) => void): void {
  jest.useFakeTimers();
  try {
    // Time passes without a timer, as while a response is decoded.
    const now = jest.spyOn(performance, "now");
    let ms = 1_234.567;
    now.mockImplementation(() => ms);
    run((more) => {
      ms += more;
    });
  } finally {
    jest.restoreAllMocks();
    jest.useRealTimers();
  }
}

test("a deadline that passed while nothing else could run has passed", () => {
  withClock((advance) => {
    const abort = new CallAbort(undefined, 100);
    const seen: unknown[] = [];
    abort.listen(() => seen.push(abort.reason));
    advance(99.9);
    abort.throwIfOver();
    expect(seen).toEqual([]);
    advance(0.2);
    expect(() => abort.throwIfOver()).toThrow("timed out");
    expect(() => abort.throwIfOver()).toThrow("timed out");
    expect(seen).toHaveLength(1);
    expect(ConnectError.from(seen[0]).code).toBe(Code.DeadlineExceeded);
  });
});

test("a call without a deadline has none", () => {
  withClock((advance) => {
    const abort = new CallAbort(undefined, undefined);
    advance(1e9);
    abort.throwIfOver();
    expect(abort.aborted).toBe(false);
  });
});

test("a call that is over does not end again", () => {
  withClock((advance) => {
    const abort = new CallAbort(undefined, 100);
    const onAbort = jest.fn();
    abort.onAbort = onAbort;
    abort.release();
    const { reason } = abort;
    advance(1_000);
    expect(() => abort.throwIfOver()).toThrow("the call has ended");
    expect(abort.reason).toBe(reason);
    expect(onAbort).not.toHaveBeenCalled();
  });
});

test("what has not ended with its call is aborted, once", () => {
  const abort = new CallAbort(undefined, undefined);
  const ended = jest.fn();
  const stopListening = abort.listen(ended);
  const underWay = jest.fn();
  abort.listen(underWay);
  stopListening();
  abort.release();
  abort.release();
  expect(ended).not.toHaveBeenCalled();
  expect(underWay).toHaveBeenCalledTimes(1);
  expect(ConnectError.from(abort.reason).code).toBe(Code.Canceled);
});

/** Time enough passes in each JSON text that is parsed for a call of 50 s to be over, though no timer can fire. */
async function withSlowParsing(run: () => Promise<void>): Promise<void> {
  const parse = JSON.parse;
  const now = performance.now.bind(performance);
  let spentMs = 0;
  jest.spyOn(performance, "now").mockImplementation(() => now() + spentMs);
  jest.spyOn(JSON, "parse").mockImplementation((text) => {
    spentMs = 60_000;
    return parse(text);
  });
  try {
    await run();
  } finally {
    jest.restoreAllMocks();
  }
}

const timeoutMs = 50_000;
const tooLate = { code: Code.DeadlineExceeded, requestSent: true };

test.each(engines)(
  "a response that takes longer to decode than the call may take is too late: %s",
  async (_name, http) => {
    const server = await startRawServer((socket) => socket.write(httpAnswer(200, '{"name":"operations/1"}')));
    const transport = createTestTransport({ baseUrl: server.baseUrl, ...http() });
    await withSlowParsing(async () => {
      const call = createClient(Operations, transport).getOperation({ name: "operations/1" }, { timeoutMs });
      expect(await callErrorOf(call)).toMatchObject(tooLate);
    });
  },
);

describe.each<[string, Interceptor]>([
  ["the request", (next) => (request) => next(request)],
  ["a copy of it", (next) => (request) => next({ ...request })],
  [
    "a copy with a signal of its own",
    (next) => (request) => next({ ...request, signal: new AbortController().signal }),
  ],
])("where an interceptor passes on %s", (_what, interceptor) => {
  test("a response that takes too long to decode is too late", async () => {
    const server = await startRawServer((socket) => socket.write(httpAnswer(200, '{"name":"operations/1"}')));
    const transport = createTestTransport({ baseUrl: server.baseUrl, interceptors: [interceptor] });
    await withSlowParsing(async () => {
      const call = createClient(Operations, transport).getOperation({ name: "operations/1" }, { timeoutMs });
      expect(await callErrorOf(call)).toMatchObject(tooLate);
    });
  });

  test("so is a message of a stream", async () => {
    const server = await startRawServer((socket) => socket.write(httpAnswer(200, '[{"text":"a"}]')));
    const transport = createTestTransport({
      baseUrl: server.baseUrl,
      httpRules: lineRules,
      interceptors: [interceptor],
    });
    await withSlowParsing(async () => {
      const sent = createAsyncIterable([{ name: "logs/1" }]);
      const response = await transport.stream(follow, undefined, timeoutMs, undefined, sent);
      const first = response.message[Symbol.asyncIterator]().next();
      expect(await callErrorOf(first)).toMatchObject(tooLate);
    });
  });
});
