// SPDX-License-Identifier: Apache-2.0
import { Code, ConnectError } from "@connectrpc/connect";
import { CallAbort } from "../../src/transport/call-abort.js";

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
    abort.heedDeadline();
    expect(seen).toEqual([]);
    advance(0.2);
    abort.heedDeadline();
    abort.heedDeadline();
    expect(seen).toHaveLength(1);
    expect(ConnectError.from(seen[0]).code).toBe(Code.DeadlineExceeded);
  });
});

test("a call without a deadline has none", () => {
  withClock((advance) => {
    const abort = new CallAbort({ signal: undefined, timeoutMs: undefined });
    advance(1e9);
    abort.heedDeadline();
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
