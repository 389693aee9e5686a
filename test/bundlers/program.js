// SPDX-License-Identifier: Apache-2.0
// What every tool builds and runs: two entry points and a stub, with one class of errors.
import { CallError, isCallError } from "longrunning";
import { createAdManagerClient } from "longrunning/admanager";
import { OperationSchema } from "longrunning/gen/google/longrunning/operations_pb";

/** Cancels an operation, and asks for one that is not there. */
export async function cancelOne(baseUrl, name) {
  const operations = createAdManagerClient({ baseUrl });
  const { state } = await operations.cancelAndWait(name);
  const error = await operations.getOperation(`${name}0`).catch((reason) => reason);
  return {
    state,
    reason: error.reason,
    isCallError: error instanceof CallError && isCallError(error),
    stub: OperationSchema.typeName,
  };
}
