// SPDX-License-Identifier: Apache-2.0
import { createThrottle } from "../../../src/client/bulk/throttle.js";
import { createFakeClock } from "../../../src/testing.js";

const backoff = { initialMs: 1000, multiplier: 2, maxMs: 60_000, jitter: 0 };
const { signal } = new AbortController();

function setUp(maxConcurrency: number) {
  const clock = createFakeClock();
  return { clock, throttle: createThrottle({ maxConcurrency, backoff, clock, random: () => 0 }) };
}

test("gives as many turns as it is wide, and the next when one is given back", async () => {
  const { clock, throttle } = setUp(2);
  const first = await throttle.enter(signal);
  await throttle.enter(signal);
  let third = false;
  throttle.enter(signal).then(() => {
    third = true;
  });
  await clock.advance(0);
  expect(third).toBe(false);
  first.accepted();
  await clock.advance(0);
  expect(third).toBe(true);
});

test("pauses everyone once for the rejections of one round, and halves the permits", async () => {
  const { clock, throttle } = setUp(8);
  const turns = await Promise.all(Array.from({ length: 8 }, () => throttle.enter(signal)));
  for (const turn of turns) turn.rejected(0);
  let entered = 0;
  for (let call = 0; call < 8; call++) {
    throttle.enter(signal).then(() => {
      entered += 1;
    });
  }
  await clock.advance(999);
  expect(entered).toBe(0);
  await clock.advance(1);
  expect(entered).toBe(4);
});

test("pauses longer for a rejection after a pause, and for what the server asks", async () => {
  const { clock, throttle } = setUp(1);
  (await throttle.enter(signal)).rejected(0);
  await clock.advance(1000);
  (await throttle.enter(signal)).rejected(0);
  const third = throttle.enter(signal);
  await clock.advance(2000);
  (await third).rejected(90_000);
  const fourth = throttle.enter(signal);
  await clock.advance(89_999);
  expect(clock.pending).toHaveLength(1);
  await clock.advance(1);
  (await fourth).accepted();
});

test("widens again, one turn for each round of accepted calls", async () => {
  const { clock, throttle } = setUp(4);
  (await throttle.enter(signal)).rejected(0);
  await clock.advance(1000);
  const round = async (calls: number) => {
    for (let call = 0; call < calls; call++) (await throttle.enter(signal)).accepted();
  };
  await round(2 + 3);
  let entered = 0;
  for (let call = 0; call < 9; call++) {
    throttle.enter(signal).then(() => {
      entered += 1;
    });
  }
  await clock.advance(0);
  expect(entered).toBe(4);
});

test.each(["in the queue", "in a pause", "before it"])(
  "lets a caller go that aborts %s, and gives its turn to the next",
  async (where) => {
    const { clock, throttle } = setUp(1);
    const turn = await throttle.enter(signal);
    if (where === "in a pause") turn.rejected(0);
    const controller = new AbortController();
    if (where === "before it") controller.abort("no");
    const leaving = expect(throttle.enter(controller.signal)).rejects.toBe("no");
    const next = throttle.enter(signal);
    await clock.advance(0);
    controller.abort("no");
    await leaving;
    if (where !== "in a pause") turn.accepted();
    await clock.advance(1000);
    (await next).accepted();
  },
);
