// SPDX-License-Identifier: Apache-2.0
import { Code } from "@connectrpc/connect";
import { createOperationsClient, isCallError, WaitTimeoutError } from "../../src/index.js";
import { createFakeOperations } from "../../src/testing.js";

const CANCEL = "google.longrunning.Operations.CancelOperation";
const FOREVER = { parent: "operations", durationMs: Number.POSITIVE_INFINITY };

function setUp() {
  const fake = createFakeOperations();
  const client = createOperationsClient({ transport: fake.transport, clock: fake.clock });
  const handle = client.operation(fake.operations.start(FOREVER));
  const cancels = () => fake.calls.filter(({ method }) => method === CANCEL).length;
  return { fake, client, handle, cancels, controller: new AbortController() };
}

test.each(["wait", "result"] as const)("an aborted %s asks for the cancel, and says so", async (method) => {
  const { fake, handle, cancels, controller } = setUp();
  const waiting = handle[method]({ signal: controller.signal, onAbort: "cancel" });
  await fake.clock.advance(3_000);
  const reason = new Error("the user left");
  controller.abort(reason);
  const error = await waiting.catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({
    code: Code.Canceled,
    reason: "aborted-by-caller",
    rawMessage: "aborted by the caller; the cancel request was accepted",
    message: expect.stringMatching(/accepted \(poll the operation to learn how it ends\)$/),
    operationName: handle.name,
    requestSent: true,
    cause: reason,
  });
  expect(cancels()).toBe(1);
  await fake.clock.advance(5_000);
  expect((await handle.poll()).state).toBe("cancelled");
});

test("an aborted cancelAndWait does not say that the operation is not affected", async () => {
  const { fake, handle, controller } = setUp();
  const waiting = handle.cancelAndWait({ signal: controller.signal });
  await fake.clock.advance(0);
  controller.abort();
  await expect(waiting).rejects.toMatchObject({
    message: expect.stringMatching(/aborted by the caller \(poll the operation to learn how it ends\)$/),
  });
});

test("by default an abort leaves the operation alone", async () => {
  const { fake, handle, cancels, controller } = setUp();
  for (const onAbort of [undefined, "leave"] as const) {
    const waiting = handle.wait({ signal: controller.signal, onAbort });
    await fake.clock.advance(3_000);
    controller.abort();
    await expect(waiting).rejects.toMatchObject({
      rawMessage: expect.stringMatching(/^aborted by the caller/),
    });
  }
  expect(cancels()).toBe(0);
  expect((await handle.poll()).state).toBe("running");
});

test("a signal that had aborted before asks for the cancel, too", async () => {
  const { handle, cancels } = setUp();
  const error = await handle
    .wait({ signal: AbortSignal.abort(), onAbort: "cancel" })
    .catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ rawMessage: "aborted by the caller; the cancel request was accepted" });
  expect(cancels()).toBe(1);
});

test.each([
  [Code.Unimplemented, "UNIMPLEMENTED", "cancel-unsupported"],
  [Code.NotFound, "NOT_FOUND", "not-found"],
])("a cancel request that fails is the cause, and told", async (code, name, reason) => {
  const { fake, handle, controller } = setUp();
  fake.faults.add({ kind: "error", method: CANCEL, code, message: "no way" });
  const waiting = handle.wait({ signal: controller.signal, onAbort: "cancel" });
  await fake.clock.advance(0);
  controller.abort();
  const error = await waiting.catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({
    reason: "aborted-by-caller",
    rawMessage: `aborted by the caller; the cancel request failed with ${name}: no way`,
  });
  expect(isCallError(error) && isCallError(error.cause) && error.cause.reason).toBe(reason);
});

test("who else waits on the handle sees the operation cancelled", async () => {
  const { fake, handle, controller } = setUp();
  const other = handle.wait();
  const waiting = handle.wait({ signal: controller.signal, onAbort: "cancel" });
  await fake.clock.advance(0);
  controller.abort();
  await expect(waiting).rejects.toMatchObject({ reason: "aborted-by-caller" });
  await fake.clock.advance(10_000);
  expect((await other).state).toBe("cancelled");
});

test("a timeout and an end ask for nothing", async () => {
  const { fake, client, handle, cancels, controller } = setUp();
  const { signal } = controller;
  const waiting = expect(handle.wait({ signal, onAbort: "cancel", timeoutMs: 5_000 })).rejects.toThrow(
    WaitTimeoutError,
  );
  await fake.clock.advance(60_000);
  await waiting;
  const short = client.operation(fake.operations.start({ parent: "operations", durationMs: 0 }));
  expect((await short.wait({ signal, onAbort: "cancel" })).state).toBe("succeeded");
  controller.abort();
  expect((await short.wait({ signal, onAbort: "cancel" })).state).toBe("succeeded");
  expect(cancels()).toBe(0);
});

test("the option is checked, and belongs to wait and result alone", async () => {
  const { handle } = setUp();
  await expect(handle.wait({ onAbort: "stop" as never })).rejects.toThrow(
    'wait: onAbort: invalid value (got "stop"; expected "leave" or "cancel")',
  );
  await expect(handle.result({ onAbort: 1 as never })).rejects.toThrow(TypeError);
  expect(() => handle.watch({ onAbort: "cancel" } as never)).toThrow('unknown option "onAbort"');
  await expect(handle.cancelAndWait({ onAbort: "cancel" } as never)).rejects.toThrow(
    'unknown option "onAbort"',
  );
});
