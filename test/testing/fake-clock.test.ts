// SPDX-License-Identifier: Apache-2.0
import { createFakeClock } from "../../src/testing.js";
import { createCountingSignal } from "../client/counting-signal.js";

test("stands still until it is moved", async () => {
  const clock = createFakeClock({ startMs: 5000 });
  let awake = false;
  clock.sleep(100).then(() => {
    awake = true;
  });
  expect([clock.now(), clock.pending, clock.sleeps]).toEqual([5000, [5100], [100]]);
  await clock.advance(99);
  expect(awake).toBe(false);
  await clock.advance(1);
  expect(awake).toBe(true);
  expect([clock.now(), clock.pending]).toEqual([5100, []]);
});

test("ends each sleep at its own moment, in order, those begun meanwhile included", async () => {
  const clock = createFakeClock({ startMs: 0 });
  const seen: string[] = [];
  const sleeper = async (name: string, ...delays: number[]) => {
    for (const ms of delays) {
      await clock.sleep(ms);
      seen.push(`${name}@${clock.now()}`);
    }
  };
  void sleeper("a", 30, 30);
  void sleeper("b", 10, 10, 10, 10);
  void sleeper("c", 10);
  await clock.advance(100);
  expect(seen).toEqual(["b@10", "c@10", "b@20", "a@30", "b@30", "b@40", "a@60"]);
});

test("ends a sleep with its signal, at once, and leaves no listener", async () => {
  const clock = createFakeClock();
  const caller = createCountingSignal();
  const sleep = expect(clock.sleep(100, caller.signal)).rejects.toBe("up");
  caller.abort("up");
  expect([clock.pending, caller.listeners]).toEqual([[], 0]);
  await sleep;
  await expect(clock.sleep(100, caller.signal)).rejects.toBe("up");
  const other = createCountingSignal();
  const whole = clock.sleep(100, other.signal);
  await clock.advance(100);
  await whole;
  expect(other.listeners).toBe(0);
});

test("does not sleep for nothing or less", async () => {
  const clock = createFakeClock();
  await clock.sleep(0);
  await clock.sleep(-1);
  expect(clock.pending).toEqual([]);
});

test("tells when so many sleep", async () => {
  const clock = createFakeClock();
  const two = clock.whenSleeping(2);
  let told = false;
  two.then(() => {
    told = true;
  });
  void clock.sleep(10);
  await clock.advance(0);
  expect(told).toBe(false);
  void clock.sleep(20);
  await two;
  await clock.whenSleeping();
});

test.each(["1m", "5", -5, Number.NaN, Number.POSITIVE_INFINITY, undefined, null, 10n])(
  "does not advance by %p",
  async (ms) => {
    const clock = createFakeClock({ startMs: 1_000 });
    await expect(clock.advance(ms as number)).rejects.toThrow(TypeError);
    await expect(clock.advance(ms as number)).rejects.toThrow("advance: ms: invalid value");
    expect(clock.now()).toBe(1_000);
  },
);

test("takes no other value for a number", async () => {
  const text = "5" as unknown as number; // as a program without types may pass it
  const clock = createFakeClock();
  expect(() => clock.startTimer(text, () => undefined)).toThrow("startTimer: ms: invalid value");
  expect(() => clock.startTimer(Number.NaN, () => undefined)).toThrow(TypeError);
  await expect(clock.sleep(text)).rejects.toThrow(TypeError);
  await expect(clock.whenSleeping(text)).rejects.toThrow("whenSleeping: count: invalid value");
  expect([clock.sleeps, clock.pending]).toEqual([[], []]);
  expect(() => createFakeClock({ startMs: text })).toThrow("startMs: invalid value");
  expect(() => createFakeClock({ startMs: Number.NaN })).toThrow(TypeError);
  expect(() => createFakeClock({ start: 5 } as object)).toThrow('unknown option "start"');
});
