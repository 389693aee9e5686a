// SPDX-License-Identifier: Apache-2.0
import * as fc from "fast-check";
import { backoffMs, systemRandom } from "../../src/retry/backoff.js";

const plain = { initialMs: 100, multiplier: 2, maxMs: 1000, jitter: 0 };

test("grows by its multiplier up to its bound", () => {
  expect([0, 1, 2, 3, 4, 5, 5000].map((step) => backoffMs(plain, step, () => 0.5))).toEqual([
    100, 200, 400, 800, 1000, 1000, 1000,
  ]);
});

test("keeps its length with a multiplier of 1, and has no bound with Infinity", () => {
  expect(backoffMs({ ...plain, multiplier: 1 }, 7, () => 0)).toBe(100);
  expect(backoffMs({ ...plain, maxMs: Number.POSITIVE_INFINITY }, 10, () => 0)).toBe(102_400);
});

test("chance takes off no more than the jitter, and adds nothing", () => {
  fc.assert(
    fc.property(
      fc.nat(60),
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
      (step, jitter, chance) => {
        const nominal = backoffMs(plain, step, () => 0);
        const delay = backoffMs({ ...plain, jitter }, step, () => chance);
        expect(delay).toBeLessThanOrEqual(nominal);
        expect(delay).toBeGreaterThanOrEqual(nominal * (1 - jitter));
      },
    ),
  );
});

test("the machine's chance is from 0 to below 1", () => {
  for (let draw = 0; draw < 100; draw++) {
    const chance = systemRandom();
    expect(chance >= 0 && chance < 1).toBe(true);
  }
});
