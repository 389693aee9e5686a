// SPDX-License-Identifier: Apache-2.0

import { createFakeClock, type FakeClock } from "../../src/testing.js";
import type { Clock } from "../../src/time/clock.js";
import { startPause } from "../../src/time/clock.js";

const CLOCKS: [string, (clock: FakeClock) => Clock][] = [
  ["with timers", (clock) => clock],
  ["that can only sleep", ({ now, sleep }) => ({ now, sleep })],
];

describe.each(CLOCKS)("a clock %s", (_, of) => {
  test("ends a pause at its time, once", async () => {
    const fake = createFakeClock();
    const ended = jest.fn();
    startPause(of(fake), 100, ended);
    await fake.advance(99);
    expect(ended).not.toHaveBeenCalled();
    await fake.advance(1_000);
    expect(ended).toHaveBeenCalledTimes(1);
  });

  test("forgets a pause that is ended before", async () => {
    const fake = createFakeClock();
    const ended = jest.fn();
    startPause(of(fake), 100, ended)();
    await fake.advance(1_000);
    expect(ended).not.toHaveBeenCalled();
    expect(fake.pending).toEqual([]);
  });

  test.each([0, -1])("ends a pause of %d ms soon, but not within the call", async (ms) => {
    const fake = createFakeClock();
    const ended = jest.fn();
    startPause(of(fake), ms, ended);
    expect(ended).not.toHaveBeenCalled();
    await fake.advance(0);
    expect(ended).toHaveBeenCalledTimes(1);
  });

  test("forgets a pause of nothing, too", async () => {
    const fake = createFakeClock();
    const ended = jest.fn();
    startPause(of(fake), 0, ended)();
    await fake.advance(0);
    expect(ended).not.toHaveBeenCalled();
  });
});
