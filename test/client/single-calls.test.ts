// SPDX-License-Identifier: Apache-2.0
import { Code, ConnectError, createRouterTransport } from "@connectrpc/connect";
import { Operations } from "../../gen/google/longrunning/operations_pb.js";
import { startEmulator } from "../../src/emulator.js";
import {
  type CallError,
  cancelOperation,
  createOperationsClient,
  createRestTransport,
  getOperation,
  snapshotOf,
} from "../../src/index.js";

test("cancels and polls over REST without a client", async () => {
  const emulator = await startEmulator();
  const name = emulator.operations.start({ parent: "operations", cancelDelayMs: 0 });
  const transport = createRestTransport({ baseUrl: emulator.baseUrl });
  expect(snapshotOf(await getOperation(transport, name)).state).toBe("running");
  expect(await cancelOperation(transport, name)).toBeUndefined();
  expect(snapshotOf(await getOperation(transport, name)).state).toBe("cancelled");
  await transport.close();
  await emulator.close();
});

/** A server that is unavailable for the first calls. */
function failing(times: number) {
  const calls: number[] = [];
  const respond = () => {
    calls.push(Date.now());
    if (calls.length <= times) throw new ConnectError("overloaded", Code.Unavailable);
    return {};
  };
  const transport = createRouterTransport(({ service }) =>
    service(Operations, { cancelOperation: respond, getOperation: respond }),
  );
  return { transport, calls };
}

describe("while a server is unavailable", () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  test("sends a call again as a client with default options does", async () => {
    const attemptsOf = async (cancel: (server: ReturnType<typeof failing>) => Promise<void>) => {
      const server = failing(9);
      const failed = cancel(server).then(
        () => undefined,
        (error: CallError) => error,
      );
      await jest.advanceTimersByTimeAsync(20_000);
      return { error: (await failed)?.toJSON(), calls: server.calls.length };
    };
    const alone = await attemptsOf(({ transport }) => cancelOperation(transport, "operations/1"));
    expect(alone).toMatchObject({ error: { code: "UNAVAILABLE", attempts: 5 }, calls: 5 });
    expect(alone).toEqual(
      await attemptsOf(({ transport }) =>
        createOperationsClient({ transport }).cancelOperation("operations/1"),
      ),
    );
  });

  test("begins no pause that the call's time does not leave room for", async () => {
    const { transport, calls } = failing(9);
    const failed = cancelOperation(transport, "operations/1", { timeoutMs: 100 });
    await expect(failed).rejects.toMatchObject({ reason: "unavailable", attempts: 1 });
    expect(calls).toHaveLength(1);
  });
});

test("takes the options of a call, and rejects what cannot be used before anything is sent", async () => {
  const { transport, calls } = failing(0);
  const wrong: [() => Promise<unknown>, object][] = [
    [() => cancelOperation(transport, "operations/.."), { reason: "invalid-argument", requestSent: false }],
    [() => getOperation(transport, ""), { reason: "invalid-argument", requestSent: false }],
    // @ts-expect-error: an option of no call
    [() => cancelOperation(transport, "operations/1", { timeout: 5 }), { name: "TypeError" }],
    // @ts-expect-error: a URL is no transport
    [() => getOperation("https://example.com", "operations/1"), { name: "TypeError" }],
    [
      () => cancelOperation(transport, "operations/1", { signal: AbortSignal.abort() }),
      { reason: "aborted-by-caller", requestSent: false },
    ],
  ];
  for (const [call, error] of wrong) await expect(call()).rejects.toMatchObject(error);
  expect(calls).toEqual([]);
  await expect(getOperation(transport, "operations/1")).rejects.toMatchObject({ reason: "data-loss" });
});
