// SPDX-License-Identifier: Apache-2.0
import type { DescMessage, JsonObject, MessageShape, Registry } from "@bufbuild/protobuf";
import { Code } from "@connectrpc/connect";
import { Operations } from "../../gen/google/longrunning/operations_pb.js";
import type { Status } from "../../gen/google/rpc/status_pb.js";
import { CallError } from "../errors/call-error.js";
import { detailJson, detailOfAny } from "../errors/error-details.js";
import { showJsonInLogs } from "../errors/inspect.js";
import { redactJson } from "../errors/secrets.js";
import { redactSecrets, sentForms } from "../errors/sent-secrets.js";
import { unpackAny } from "../json/any.js";
import { codeName } from "../names/code-name.js";
import { selectorOf } from "../names/method-name.js";
import { oneLine } from "../names/shorten.js";
import type { Outcome } from "./snapshot.js";

/** An outcome without a response to give. */
type Unsuccessful = Extract<Outcome<unknown, unknown>, { state: "cancelled" | "failed" }>;

/**
 * The operation itself ended failed or cancelled. Thrown by `result()` alone: the calls that polled it succeeded, and
 * `wait()` returns such an outcome as a value. What is printed of it (its text, `toJSON()`, `console.log`) has no credential that
 * this process has sent, even where the server repeats one; `status` and `outcome` are as they came.
 */
export class OperationError extends Error {
  /** Always `"OperationError"`. */
  override readonly name = "OperationError";
  /** The name of the operation. */
  readonly operationName: string;
  /** How the operation ended. */
  readonly state: "cancelled" | "failed";
  /** A google.rpc.Code; 1 when cancelled. */
  readonly code: number;
  /** The operation's error as it came, with every detail. Printing the error does not show it. */
  declare readonly status: Status;
  /** How the operation ended, as `wait()` gives it. Printing the error does not show it. */
  declare readonly outcome: Unsuccessful;

  readonly #registry: Registry | undefined;

  /** @param registry - types of details, for {@link toJSON} */
  constructor(outcome: Unsuccessful, registry?: Registry) {
    const { name, state, error } = outcome;
    const what = state === "cancelled" ? "was cancelled" : `failed with ${codeName(error.code)}`;
    super(
      redactSecrets(
        `operation "${name}" ${what}${error.message === "" ? "" : `: ${oneLine(error.message)}`}`,
      ),
    );
    this.operationName = name;
    this.state = state;
    this.code = error.code;
    Object.defineProperty(this, "status", { value: error });
    Object.defineProperty(this, "outcome", { value: outcome });
    this.#registry = registry;
    showJsonInLogs(this);
  }

  /** The error for logs: plain values, details as ProtoJSON where their types are known. */
  toJSON(): JsonObject {
    const { name, operationName, state, code, message } = this;
    const details = this.status.details.flatMap((any) => {
      const detail = detailOfAny(any);
      return detail === undefined ? [] : redactJson(detailJson(detail, this.#registry), sentForms());
    });
    return { name, operationName, state, code: codeName(code), message, details };
  }

  /** The details of one type, decoded. What cannot be decoded is left out; `status.details` has it all the same. */
  findDetails<Desc extends DescMessage>(schema: Desc): MessageShape<Desc>[] {
    return this.status.details.flatMap((detail) => {
      try {
        return unpackAny(detail, schema) ?? [];
      } catch {
        return []; // A detail of a wrong type must not hide the others.
      }
    });
  }
}

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
