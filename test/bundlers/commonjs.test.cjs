// SPDX-License-Identifier: Apache-2.0
// Jest runs CommonJS by itself: it has `require`, and no "module-sync".
const { CallError, isCallError } = require("longrunning");
const { createAdManagerClient } = require("longrunning/admanager");
const { createFakeOperations } = require("longrunning/testing");
const { OperationSchema } = require("longrunning/gen/google/longrunning/operations_pb");

test("an operation is cancelled", async () => {
  const fake = createFakeOperations();
  const name = fake.operations.start({ parent: "networks/1/operations/reports/runs", cancelDelayMs: 0 });
  const operations = createAdManagerClient({ transport: fake.transport });
  expect((await operations.cancelAndWait(name)).state).toBe("cancelled");
  const error = await operations.getOperation(`${name}0`).catch((reason) => reason);
  expect([error instanceof CallError, isCallError(error), error.reason]).toEqual([true, true, "not-found"]);
  expect(OperationSchema.typeName).toBe("google.longrunning.Operation");
});
