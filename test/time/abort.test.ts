// SPDX-License-Identifier: Apache-2.0
import { listenToAbort, untilAborted } from "../../src/time/abort.js";
import { createCountingSignal } from "../client/counting-signal.js";

test("a signal has one listener, however many listen, and none when all have gone", () => {
  const counting = createCountingSignal();
  const stops = Array.from({ length: 30 }, () => listenToAbort(counting.signal, () => undefined));
  expect(counting.listeners).toBe(1);
  for (const stop of stops.slice(1)) stop();
  expect(counting.listeners).toBe(1);
  stops[0]?.();
  stops[0]?.();
  expect(counting.listeners).toBe(0);
  listenToAbort(counting.signal, () => undefined);
  expect(counting.listeners).toBe(1);
});

test("everybody is told once, in the order of coming", () => {
  const controller = new AbortController();
  const told: string[] = [];
  for (const name of ["first", "second"]) listenToAbort(controller.signal, () => told.push(name));
  controller.abort();
  controller.abort();
  expect(told).toEqual(["first", "second"]);
});

test("who was taken back is not told, also when another listener did it", () => {
  const controller = new AbortController();
  const told: string[] = [];
  const stops = new Map<string, () => void>();
  const listen = (name: string) =>
    stops.set(
      name,
      listenToAbort(controller.signal, () => {
        told.push(name);
        stops.get("third")?.();
      }),
    );
  for (const name of ["first", "second", "third"]) listen(name);
  stops.get("first")?.();
  controller.abort();
  expect(told).toEqual(["second"]);
});

test("a signal that has aborted tells nobody, not even who comes while it tells", () => {
  const controller = new AbortController();
  const told: string[] = [];
  listenToAbort(controller.signal, () => {
    told.push("before");
    listenToAbort(controller.signal, () => told.push("during"));
  });
  controller.abort();
  listenToAbort(controller.signal, () => told.push("after"));
  expect(told).toEqual(["before"]);
});

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
