// SPDX-License-Identifier: Apache-2.0
import { Code } from "@connectrpc/connect";
import { NAME, running, setUp, succeeded } from "./scripted-server.js";

const metadata = running().metadata;
const response = succeeded().result;

describe("a poll's response", () => {
  test.each([
    ["the name", { name: NAME }],
    ["a project's number in place of its id", { name: "networks/another/operations/reports/runs/456" }],
    ["the last segment alone", { name: "456" }],
    ["no name, but done", { done: true }],
    ["no name, but metadata", { metadata }],
  ])(
    "is of the operation that was asked for with %s, and the handle keeps its name",
    async (_title, operation) => {
      const { run } = setUp({ GetOperation: operation });
      const snapshot = await run.poll();
      expect([snapshot.name, run.name, run.toJSON().name]).toEqual([NAME, NAME, NAME]);
      expect(snapshot.operation.name).toBe("name" in operation ? operation.name : "");
    },
  );

  test.each([
    ["nothing", {}],
    ["another operation", { name: "networks/123/operations/reports/runs/457", done: true }],
    ["its parent", { name: "networks/123/operations/reports/runs" }],
    ["a name that only ends like it", { name: "networks/123/operations/reports/runs/1456" }],
    ["a name with a slash at its end", { name: `${NAME}/` }],
  ])("is DATA_LOSS with %s, and never a state", async (_title, operation) => {
    const { client, run } = setUp({ GetOperation: operation, WaitOperation: operation });
    const dataLoss = { code: Code.DataLoss, operationName: NAME, requestSent: true };
    await expect(run.poll()).rejects.toMatchObject(dataLoss);
    await expect(run.wait()).rejects.toMatchObject(dataLoss);
    await expect(client.getOperation(NAME)).rejects.toMatchObject(dataLoss);
    await expect(client.waitOperation(NAME)).rejects.toMatchObject(dataLoss);
  });

  test.each([
    ["response", response],
    [
      "error",
      {
        case: "error" as const,
        value: { $typeName: "google.rpc.Status" as const, code: 3, message: "", details: [] },
      },
    ],
  ])("is running with a %s before it is done, and a problem", async (field, result) => {
    const { run } = setUp({ GetOperation: { name: NAME, result } });
    expect(await run.poll()).toMatchObject({
      state: "running",
      problems: [`${field} is set, but done is false`],
    });
  });
});

test("a saved handle takes the operation under the name that it was asked for by", async () => {
  const { client, run } = setUp({
    GetOperation: { ...succeeded("networks/another/operations/reports/runs/456") },
  });
  await run.poll();
  const resumed = client.fromJSON(JSON.parse(JSON.stringify(run)));
  expect(await resumed.wait()).toMatchObject({ state: "succeeded", name: NAME });
});
