// SPDX-License-Identifier: Apache-2.0
import type { Registry } from "@bufbuild/protobuf";
import { Code } from "@connectrpc/connect";
import { Operations } from "../../gen/google/longrunning/operations_pb.js";
import { CallError } from "../errors/call-error.js";
import { selectorOf } from "../names/method-name.js";
import { OperationError } from "./operation-error.js";
import { isOutcome, type Outcome, type Snapshot } from "./snapshot.js";

/**
 * The response of an operation that has ended; undefined when it ended well without one.
 *
 * @throws OperationError for one that failed or was cancelled. CallError `DataLoss` for a response of another type than
 * asked for, which must not pass for none; `wait()` gives it as it is.
 */
export function responseOf<R, M>(outcome: Outcome<R, M>, registry?: Registry): R | undefined {
  if (outcome.state !== "succeeded") throw new OperationError(outcome, registry);
  const { name, response, operation, problems } = outcome;
  const isThere = operation.result.case === "response" && operation.result.value.typeUrl !== "";
  if (response !== undefined || !isThere) return response;
  throw new CallError({
    code: Code.DataLoss,
    message: problems.join("; "),
    method: selectorOf(Operations.method.getOperation),
    operationName: name,
    requestSent: true,
  });
}

/**
 * Refuses to look at an operation without a name, which a server gives to one that only validated a request. Done, it
 * tells all there is; otherwise nobody can know what becomes of it.
 */
export function checkNamed(name: string, known: Snapshot<unknown, unknown> | undefined): void {
  if (name !== "" || (known !== undefined && isOutcome(known))) return;
  throw new CallError({
    code: Code.InvalidArgument,
    message:
      "nothing was sent: the server gave this operation no name, as for a request that it only validates",
    method: selectorOf(Operations.method.getOperation),
    operationName: name,
    requestSent: false,
  });
}
