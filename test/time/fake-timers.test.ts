// SPDX-License-Identifier: Apache-2.0
import { createOperationsClient } from "../../src/index.js";
import { createFakeClock } from "../../src/testing.js";
import { createScriptedServer, NAME, running, succeeded } from "../client/scripted-server.js";

// The fake timers of test frameworks differ in what they move along with setTimeout: each of these is one of them.
const APIS = ["Date", "performance", "hrtime"] as const;

afterEach(() => {
  jest.useRealTimers();
});

test.each([
  ["everything (Jest, vitest from 3 on)", []],
  ["no performance.now (vitest 2)", ["performance", "hrtime"]],
  ["timers alone (node:test)", [...APIS]],
] as const)("a client on the machine's clock goes on with timers that move %s", async (_title, doNotFake) => {
  jest.useFakeTimers({ doNotFake: [...doNotFake, "nextTick", "queueMicrotask"] });
  const server = createScriptedServer(createFakeClock(), {
    GetOperation: [running(), running(), running(), succeeded()],
  });
  const client = createOperationsClient({ transport: server.transport });
  const wait = client.operation(NAME).wait({ timeoutMs: 60_000 });
  await jest.advanceTimersByTimeAsync(30_000);
  expect(await wait).toMatchObject({ state: "succeeded" });
});

test("the machine's clock does not need performance.timeOrigin, a function under the fake timers of Jest 29", async () => {
  jest.resetModules();
  const origin = Object.getOwnPropertyDescriptor(performance, "timeOrigin");
  Object.defineProperty(performance, "timeOrigin", { value: () => 0, configurable: true });
  try {
    const { systemClock } = await import("../../src/time/clock.js");
    expect(Number.isFinite(systemClock.now())).toBe(true);
  } finally {
    if (origin === undefined) Reflect.deleteProperty(performance, "timeOrigin");
    else Object.defineProperty(performance, "timeOrigin", origin);
  }
});
