// SPDX-License-Identifier: Apache-2.0
import { untilAborted } from "../../src/time/abortable.js";
import { createCountingSignal } from "../client/counting-signal.js";

test("settles as the promise does, and removes its listener", async () => {
  const caller = createCountingSignal();
  expect(await untilAborted(Promise.resolve(5), caller.signal)).toBe(5);
  await expect(untilAborted(Promise.reject(new Error("no")), caller.signal)).rejects.toThrow("no");
  expect(caller.listeners).toBe(0);
});

test("rejects with the signal's reason in the turn of the abort, and no late rejection is left unhandled", async () => {
  const caller = createCountingSignal();
  let failLate: (error: Error) => void = () => {};
  const work = new Promise<never>((_resolve, reject) => {
    failLate = reject;
  });
  let reason: unknown;
  untilAborted(work, caller.signal).catch((error) => {
    reason = error;
  });
  caller.abort("enough");
  await Promise.resolve();
  expect(reason).toBe("enough");
  expect(caller.listeners).toBe(0);
  failLate(new Error("too late to matter"));
  await new Promise(setImmediate);
});

test("rejects at once for a signal that is aborted already", async () => {
  await expect(untilAborted(new Promise(() => undefined), AbortSignal.abort("no"))).rejects.toBe("no");
});
