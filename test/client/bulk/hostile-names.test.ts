// SPDX-License-Identifier: Apache-2.0
import { concurrently } from "../../../src/client/concurrently.js";
import type { OperationNames, OperationsClient } from "../../../src/index.js";
import { setUp, succeeded } from "../scripted-server.js";

/** What a program without types may pass, or one that mixes up names and handles. */
const strange = (client: OperationsClient): unknown[] => [
  5,
  null,
  undefined,
  {},
  new String("operations/1"),
  Symbol("operations/1"),
  client.operation("operations/1"),
  {
    get name(): string {
      throw new Error("read");
    },
  },
];

describe.each(["cancelOperations", "waitOperations"] as const)("%s", (method) => {
  test("reports what is no name, by what it is, and goes on with the names", async () => {
    const { client } = setUp({ CancelOperation: {}, GetOperation: succeeded("operations/1") });
    const names = [...strange(client), "operations/1"];
    const reports = [];
    for await (const report of client[method](names as string[])) reports.push(report);
    const errors = reports.filter((report) => report.state === "error");
    const isReported = (name: unknown) => errors.some((error) => Object.is(error.name, name));
    expect(names.slice(0, -1).every(isReported)).toBe(true);
    expect(errors).toHaveLength(names.length - 1);
    for (const { error } of errors) {
      expect(error).toMatchObject({
        reason: "invalid-argument",
        requestSent: false,
        message: expect.stringContaining("name is not a string but"),
      });
    }
    expect(reports.at(-1)?.state).toMatch(/^(requested|succeeded)$/);
  });

  test("rejects with the error of an iterator that returns no object", async () => {
    const { client, server } = setUp({});
    const source = { [Symbol.asyncIterator]: () => ({ next: async () => 5 }) };
    const read = async () => {
      for await (const _ of client[method](source as unknown as OperationNames)) {
        // none
      }
    };
    await expect(read()).rejects.toThrow(
      new TypeError("an iterator of names returned no object (expected done and value)"),
    );
    expect(server.calls).toEqual([]);
  });
});

test("a task that rejects stops all others, and its error comes last", async () => {
  const stopped: number[] = [];
  const task = async (item: number, signal: AbortSignal) => {
    if (item === 1) throw new Error("a bug");
    await new Promise((resolve) => signal.addEventListener("abort", resolve));
    stopped.push(item);
    return item;
  };
  const results: number[] = [];
  const read = async () => {
    for await (const result of concurrently([2, 1, 3].values(), { concurrency: 3, signal: undefined, task }))
      results.push(result);
  };
  await expect(read()).rejects.toThrow("a bug");
  expect(results.sort()).toEqual(stopped.sort());
  expect(stopped).toContain(2);
});
