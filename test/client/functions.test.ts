// SPDX-License-Identifier: Apache-2.0
import { EmptySchema } from "@bufbuild/protobuf/wkt";
import { Code, ConnectError, createRouterTransport, type Transport } from "@connectrpc/connect";
import { Operations } from "../../gen/google/longrunning/operations_pb.js";
import { type Emulator, startEmulator } from "../../src/emulator.js";
import { createGrpcTransport } from "../../src/grpc.js";
import {
  type CallError,
  cancelOperation,
  cancelOperations,
  createOperationHandle,
  createOperationsClient,
  createRestTransport,
  deleteOperation,
  getOperation,
  listOperations,
  snapshotOf,
  waitOperation,
  waitOperations,
  watchOperations,
} from "../../src/index.js";

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}

describe.each([
  ["REST", createRestTransport],
  ["gRPC", createGrpcTransport],
])("over %s, without a client", (_protocol, createTransport) => {
  let emulator: Emulator;
  let transport: Transport & AsyncDisposable;
  const ended = (id: string) => emulator.operations.start({ id, durationMs: 0 });
  const running = (id: string) => emulator.operations.start({ id, cancelDelayMs: 0 });

  beforeEach(async () => {
    emulator = await startEmulator();
    transport = createTransport({ baseUrl: emulator.baseUrl });
  });
  afterEach(async () => {
    await transport[Symbol.asyncDispose]();
    await emulator.close();
  });

  test("cancels and polls", async () => {
    const name = running("1");
    expect(snapshotOf(await getOperation(transport, name)).state).toBe("running");
    expect(await cancelOperation(transport, name)).toBeUndefined();
    expect(snapshotOf(await getOperation(transport, name)).state).toBe("cancelled");
  });

  test("deletes", async () => {
    const name = ended("1");
    expect(await deleteOperation(transport, name)).toBeUndefined();
    await expect(getOperation(transport, name)).rejects.toMatchObject({ reason: "not-found" });
  });

  test("lists", async () => {
    const names = [ended("1"), running("2"), ended("3")];
    const pages = await all(listOperations(transport, { name: "operations", pageSize: 2 }).pages());
    expect(pages.map(({ operations }) => operations.length)).toEqual([2, 1]);
    const operations = await all(listOperations(transport, { name: "operations" }));
    expect(operations.map(({ name }) => name).sort()).toEqual(names);
  });

  test("watches, waits and cancels by a handle", async () => {
    const handle = createOperationHandle(transport, running("1"));
    const states: string[] = [];
    for await (const { state } of handle) {
      states.push(state);
      if (state === "running") await handle.cancel();
    }
    expect(states).toEqual(["running", "cancelled"]);
    expect(await handle.wait()).toMatchObject({ state: "cancelled" });
    expect(await createOperationHandle(transport, running("2")).cancelAndWait()).toMatchObject({
      state: "cancelled",
    });
    expect(
      await createOperationHandle(transport, ended("3"), { response: EmptySchema }).result(),
    ).toMatchObject({
      $typeName: "google.protobuf.Empty",
    });
  });

  test("cancels many, waits for many, and watches a parent", async () => {
    const names = [running("1"), running("2")];
    const byName = (reports: { name: string; state: string }[]) =>
      Object.fromEntries(reports.map(({ name, state }) => [name, state]));
    const requested = await all(cancelOperations(transport, [...names, "operations/none"]));
    expect(byName(requested)).toEqual({
      "operations/1": "requested",
      "operations/2": "requested",
      "operations/none": "error",
    });
    expect(byName(await all(waitOperations(transport, names)))).toEqual({
      "operations/1": "cancelled",
      "operations/2": "cancelled",
    });
    const seen: string[] = [];
    for await (const change of watchOperations(transport, { name: "operations" })) {
      seen.push(change.kind);
      if (seen.length === names.length) break;
    }
    expect(seen).toEqual(["ended", "ended"]);
  });
});

test("waits on the server", async () => {
  const transport = createRouterTransport(({ service }) =>
    service(Operations, {
      waitOperation: ({ name, timeout }) => ({ name, done: timeout?.nanos === 2_000_000 }),
    }),
  );
  const waited = await waitOperation(transport, "operations/1", { serverWaitMs: 1.5 });
  expect(waited).toMatchObject({ name: "operations/1", done: true });
  expect(await waitOperation(transport, "operations/1")).toMatchObject({ done: false });
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
    [() => deleteOperation(transport, "operations/1?a"), { reason: "invalid-argument", requestSent: false }],
    [() => waitOperation(transport, "operations/1", { serverWaitMs: -1 }), { name: "TypeError" }],
    [
      () => cancelOperation(transport, "operations/1", { signal: AbortSignal.abort() }),
      { reason: "aborted-by-caller", requestSent: false },
    ],
  ];
  for (const [call, error] of wrong) await expect(call()).rejects.toMatchObject(error);
  const rejected: [() => unknown, string][] = [
    [() => createOperationHandle(transport, "operations/.."), "dot segment"],
    [
      () => createOperationHandle(transport, "operations/1", { polling: { maxRequestsPerMinute: 1 } }),
      "maxRequestsPerMinute",
    ],
    [
      // @ts-expect-error: no option of it
      () => createOperationHandle(transport, "operations/1", { poling: {} }),
      "createOperationHandle: unknown option",
    ],
    [() => listOperations(transport, { pageSize: -1 }), "listOperations: pageSize"],
    [() => cancelOperations(transport, [], { concurrency: 0 }), "cancelOperations: concurrency"],
    [() => waitOperations(transport, [], { timeoutMs: -1 }), "waitOperations: timeoutMs"],
    // @ts-expect-error: no option of it
    [() => watchOperations(transport, { parent: "operations" }), 'unknown option "parent"'],
    // @ts-expect-error: no transport
    [() => watchOperations({}), "watchOperations: transport"],
    // @ts-expect-error: no transport
    [() => createOperationHandle(undefined, "operations/1"), "createOperationHandle: transport"],
  ];
  for (const [call, message] of rejected) expect(call).toThrow(message);
  expect(calls).toEqual([]);
  await expect(getOperation(transport, "operations/1")).rejects.toMatchObject({ reason: "data-loss" });
});
