// SPDX-License-Identifier: Apache-2.0
import { Code, ConnectError } from "@connectrpc/connect";
import { CallError, WaitTimeoutError } from "../../src/index.js";
import { NAME, never, RUN_TYPES, running, setUp, succeeded, unavailable } from "./scripted-server.js";

const polling = { useServerWait: true };

test("has the server wait, 30 s at a time, and polls again at once when that time is up", async () => {
  const held = async () => {
    await clock.sleep(30_000);
    return running();
  };
  const { clock, server, run } = setUp({ WaitOperation: [held, held, succeeded()] }, { polling });
  const wait = run.wait();
  await clock.advance(60_000);
  expect(await wait).toMatchObject({ state: "succeeded" });
  expect(server.times).toEqual(["WaitOperation@0", "WaitOperation@30000", "WaitOperation@60000"]);
  expect(server.calls[0]).toMatchObject({ message: { timeout: { seconds: 30n } }, timeoutMs: 40_000 });
});

test("keeps its own pace with a server that responds at once", async () => {
  const { clock, server, run } = setUp(
    { WaitOperation: [running(), running(), running(), succeeded()] },
    { polling },
  );
  const wait = run.wait();
  await clock.advance(10_000);
  await wait;
  expect(server.calls.map((call) => call.atMs)).toEqual([0, 1000, 2500, 4750]);
});

test("counts the time that the server waited towards the pause", async () => {
  const held = async () => {
    await clock.sleep(600);
    return running();
  };
  const { clock, server, run } = setUp({ WaitOperation: [held, succeeded()] }, { polling });
  const wait = run.wait();
  await clock.advance(1000);
  await wait;
  expect(server.calls.map((call) => call.atMs)).toEqual([0, 1000]);
});

test("falls back to GetOperation where the server does not have it, and finds that out once for all handles", async () => {
  const { clock, server, client, run } = setUp({ GetOperation: [running(), succeeded()] }, { polling });
  const wait = run.wait();
  await clock.advance(1000);
  await wait;
  await client.operation(NAME, RUN_TYPES).wait();
  expect(server.times).toEqual([
    "WaitOperation@0",
    "GetOperation@0",
    "GetOperation@1000",
    "GetOperation@1000",
  ]);
});

test("falls back where the transport has no binding for it", async () => {
  const unbound = new CallError({ code: Code.Unimplemented, message: "no rule", requestSent: false });
  const { run } = setUp(
    { WaitOperation: () => Promise.reject(unbound), GetOperation: succeeded() },
    { polling },
  );
  expect(await run.wait()).toMatchObject({ state: "succeeded" });
});

test("asks for no more than the time that is left", async () => {
  const { clock, server, run } = setUp({ WaitOperation: never }, { polling });
  const wait = expect(run.wait({ timeoutMs: 4500 })).rejects.toBeInstanceOf(WaitTimeoutError);
  await clock.advance(4500);
  await wait;
  expect(server.calls[0]).toMatchObject({
    message: { timeout: { seconds: 4n, nanos: 500_000_000 } },
    timeoutMs: 4500,
  });
  expect(server.underWay).toBe(0);
});

test("treats its errors like those of polls", async () => {
  const { clock, run } = setUp(
    {
      WaitOperation: [
        unavailable(),
        new ConnectError("proxy", Code.DeadlineExceeded),
        new ConnectError("", Code.NotFound),
      ],
    },
    { polling },
  );
  const wait = expect(run.wait()).rejects.toMatchObject({ reason: "not-found" });
  await clock.advance(2000);
  await wait;
});

test("is off unless asked for, and can be asked for one handle", async () => {
  const { server, client, run } = setUp({ WaitOperation: succeeded(), GetOperation: succeeded() });
  await run.wait();
  await client.operation(NAME, { polling }).wait();
  expect(server.calls.map((call) => call.method)).toEqual(["GetOperation", "WaitOperation"]);
});

test("polling of one handle adds to the client's, and is checked like it", async () => {
  const { clock, server, client } = setUp({ GetOperation: running() }, { polling: { initialMs: 4000 } });
  client
    .operation(NAME, { polling: { multiplier: 1 } })
    .wait()
    .catch(() => undefined);
  await clock.advance(8000);
  expect(server.calls.map((call) => call.atMs)).toEqual([0, 4000, 8000]);
  expect(() => client.operation(NAME, { polling: { initialMs: 9, maxMs: 1 } })).toThrow(
    "operation: polling.maxMs (1) is less than",
  );
  expect(() => client.operation(NAME, { polling: { every: 1 } as object })).toThrow('unknown option "every"');
  expect(() => client.operation(NAME, { pollling: {} } as object)).toThrow(
    'operation: unknown option "pollling"',
  );
});

test.each([4500.25, 0.75, 1234.567])(
  "waits for %p ms on a clock that counts in fractions",
  async (timeoutMs) => {
    const held = async () => {
      await clock.sleep(0.4);
      return running();
    };
    const { clock, run } = setUp(
      { WaitOperation: held },
      { polling: { ...polling, initialMs: 1 + timeoutMs / 50, multiplier: 1 } },
    );
    const wait = expect(run.wait({ timeoutMs })).rejects.toBeInstanceOf(WaitTimeoutError);
    await clock.advance(timeoutMs);
    await wait;
  },
);

test("takes a fraction as the time to have the server wait, and rejects what is no time", async () => {
  const { server, client } = setUp({ WaitOperation: running() });
  await client.waitOperation(NAME, { serverWaitMs: 1000.5 });
  expect(server.calls[0]).toMatchObject({
    message: { timeout: { seconds: 1n, nanos: 1_000_000 } },
    timeoutMs: 11_001,
  });
  for (const serverWaitMs of [-1, Number.NaN, Number.POSITIVE_INFINITY]) {
    await expect(client.waitOperation(NAME, { serverWaitMs })).rejects.toThrow("serverWaitMs: invalid value");
  }
});
