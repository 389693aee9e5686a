// SPDX-License-Identifier: Apache-2.0
import { createCadence } from "../../src/policy/cadence.js";
import { createFakeClock } from "../../src/testing/fake-clock.js";

const backoff = { initialMs: 100, multiplier: 2, maxMs: 400, jitter: 0 };

function setUp() {
  const clock = createFakeClock({ startMs: 10_000 });
  return { clock, cadence: createCadence(backoff, clock, () => 0) };
}

test("is due at once, then after pauses that grow", () => {
  const { clock, cadence } = setUp();
  cadence.begin();
  expect(cadence.leftMs()).toBeLessThanOrEqual(0);
  const pauses = [1, 2, 3, 4].map(() => {
    cadence.answered(clock.now(), 0);
    return cadence.leftMs();
  });
  expect(pauses).toEqual([100, 200, 400, 400]);
});

test("does not grow with misses, before the first answer or after it", () => {
  const { clock, cadence } = setUp();
  cadence.missed(0);
  cadence.missed(0);
  expect(cadence.leftMs()).toBe(100);
  cadence.answered(clock.now(), 0);
  cadence.answered(clock.now(), 0);
  cadence.missed(0);
  cadence.missed(0);
  expect(cadence.leftMs()).toBe(200);
  cadence.answered(clock.now(), 0);
  expect(cadence.leftMs()).toBe(400);
});

test("is put off by a server, and not called forward by anything until then", async () => {
  const { clock, cadence } = setUp();
  cadence.answered(clock.now(), 5000);
  expect(cadence.leftMs()).toBe(5000);
  cadence.restart();
  cadence.begin();
  cadence.missed(0);
  expect(cadence.leftMs()).toBe(5000);
  await clock.advance(5000);
  expect(cadence.leftMs()).toBe(0);
});

test("restarts with a look at once, and small pauses after it", () => {
  const { clock, cadence } = setUp();
  for (let look = 0; look < 3; look++) cadence.answered(clock.now(), 0);
  cadence.restart();
  expect(cadence.leftMs()).toBeLessThanOrEqual(0);
  cadence.answered(clock.now(), 0);
  expect(cadence.leftMs()).toBe(100);
});

test("holds an old pause when it begins again, but none longer than a first one", () => {
  const { clock, cadence } = setUp();
  for (let look = 0; look < 3; look++) cadence.answered(clock.now(), 0);
  cadence.begin();
  expect(cadence.leftMs()).toBe(100);
  cadence.answered(clock.now(), 0);
  expect(cadence.leftMs()).toBe(200);
});
