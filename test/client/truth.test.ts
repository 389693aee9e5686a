// SPDX-License-Identifier: Apache-2.0
import { equals } from "@bufbuild/protobuf";
import type { Transport } from "@connectrpc/connect";
import * as fc from "fast-check";
import { type Operation, OperationSchema } from "../../gen/google/longrunning/operations_pb.js";
import {
  createOperationsClient,
  isCallError,
  type OperationHandle,
  snapshotOf,
  WaitTimeoutError,
} from "../../src/index.js";
import { subjects } from "../contract/subjects.js";
import { createDriver } from "./drive.js";

// What a client reports, held against what the server has: in-process, on one clock, so that both are seen at one moment.
const [, start] = subjects.find(([name]) => name === "in-process") ?? [];

const script = fc.record({
  durationMs: fc.integer({ min: 0, max: 20_000 }),
  onCancel: fc.constantFrom("cancels", "ignores", "completes", "vanishes", "unsupported"),
  cancelDelayMs: fc.integer({ min: 0, max: 8000 }),
  error: fc.option(fc.constantFrom({ code: 3, message: "bad" }, { code: 1, message: "stopped by itself" }), {
    nil: undefined,
  }),
});
const action = fc.oneof(
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("pass"), ms: fc.integer({ min: 0, max: 7000 }) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constantFrom("poll", "cancel", "wait", "watch", "cancelAndWait"),
      ms: fc.integer({ min: 1, max: 30_000 }),
    }),
  },
);

test("a client says nothing but what the server had at that moment, and calls nothing cancelled that was not", async () => {
  if (start === undefined) throw new Error("no in-process subject");
  await fc.assert(
    fc.asyncProperty(script, fc.array(action, { maxLength: 12 }), async (behaviour, actions) => {
      const { transport, operations, clock, close } = await start();
      const driver = createDriver(transport, clock);
      const responses = new Set<unknown>();
      const client = createOperationsClient({ transport: noting(driver.transport, responses), clock });
      const name = operations.start(behaviour);
      const run = client.operation(name);
      const truth = () => operations.find(name)?.operation;
      let ended: Operation | undefined;

      /**
       * What was just reported is what the server has now, or had when it was last asked if that may be some time ago;
       * what has ended stays as it ended.
       */
      const check = (reported: Operation, isOfNow: boolean) => {
        const had = ended ?? truth();
        expect(responses.has(reported)).toBe(true);
        if (isOfNow || reported.done)
          expect(had !== undefined && equals(OperationSchema, reported, had)).toBe(true);
        if (reported.done) ended ??= reported;
      };
      const underWay: Promise<unknown>[] = [];
      for (const { kind, ms } of actions) {
        if (kind === "pass") await driver.until(clock.sleep(ms));
        else underWay.push(act(run, kind, ms, check));
        await new Promise(setImmediate);
      }
      await driver.until(Promise.all(underWay));

      const now = truth();
      if (now !== undefined && ended !== undefined) {
        expect(snapshotOf(now).state).toBe(snapshotOf(ended).state);
      }
      await close();
    }),
    // Each run is a life of many polls: few of them in a normal run of the tests.
    { numRuns: process.env.LONG === "1" ? 1_000 : 25 },
  );
});

/** The transport, with each message of the server noted. */
function noting(inner: Transport, responses: Set<unknown>): Transport {
  return {
    ...inner,
    unary: async (...call) => {
      const response = await inner.unary(...call);
      responses.add(response.message);
      return response;
    },
  };
}

/** One thing that a caller does. What it is told is checked at once; a failed call must say why, and nothing else fails. */
async function act(
  run: OperationHandle<unknown, unknown>,
  kind: string,
  ms: number,
  check: (reported: Operation, isOfNow: boolean) => void,
) {
  try {
    if (kind === "poll") check((await run.poll()).operation, true);
    else if (kind === "cancel") await run.cancel();
    else if (kind === "wait") check((await run.wait({ timeoutMs: ms })).operation, true);
    else if (kind === "cancelAndWait") check((await run.cancelAndWait({ timeoutMs: ms })).operation, true);
    else for await (const { operation } of run.watch({ timeoutMs: ms })) check(operation, false);
  } catch (error) {
    if (error instanceof WaitTimeoutError) return;
    if (!isCallError(error)) throw error;
    expect(["not-found", "cancel-unsupported"]).toContain(error.reason);
  }
}
