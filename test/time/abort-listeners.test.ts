// SPDX-License-Identifier: Apache-2.0
import { listenToAbort } from "../../src/time/abort.js";
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
