// SPDX-License-Identifier: Apache-2.0
import { Code, ConnectError, createClient } from "@connectrpc/connect";
import { Operations } from "../../../gen/google/longrunning/operations_pb.js";
import { CallAbort } from "../../../src/transport/call/abort.js";
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
    const abort = new CallAbort({ signal: undefined, timeoutMs: 100 });
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
    const abort = new CallAbort({ signal: undefined, timeoutMs: undefined });
    advance(1e9);
    abort.throwIfOver();
    expect(abort.aborted).toBe(false);
  });
});

test("a call that is over does not end again", () => {
  withClock((advance) => {
    const abort = new CallAbort({ signal: undefined, timeoutMs: 100 });
    abort.release();
    advance(1_000);
    expect(abort.aborted).toBe(false);
  });
});

test.each(engines)(
  "a response that takes longer to decode than the call may take is too late: %s",
  async (_name, http) => {
    const server = await startRawServer((socket) => socket.write(httpAnswer(200, '{"name":"operations/1"}')));
    const transport = createTestTransport({ baseUrl: server.baseUrl, ...http() });
    const parse = JSON.parse;
    const now = performance.now.bind(performance);
    let spentMs = 0;
    jest.spyOn(performance, "now").mockImplementation(() => now() + spentMs);
    jest.spyOn(JSON, "parse").mockImplementation((text) => {
      spentMs = 60_000;
      return parse(text);
    });
    try {
      const call = createClient(Operations, transport).getOperation(
        { name: "operations/1" },
        { timeoutMs: 50_000 },
      );
      expect(await callErrorOf(call)).toMatchObject({ code: Code.DeadlineExceeded, requestSent: true });
    } finally {
      jest.restoreAllMocks();
    }
  },
);
