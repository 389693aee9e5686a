// SPDX-License-Identifier: Apache-2.0
import type { DescMessage, JsonObject, JsonValue, Registry, toJson } from "@bufbuild/protobuf";
import { Code } from "@connectrpc/connect";
import { OperationSchema } from "../../../gen/google/longrunning/operations_pb.js";
import { encodeJson } from "../../json/json.js";
import type { OperationView } from "../emulator-operations.js";
import type { RecordedCall } from "../record.js";

/** The last moment that a `Date` can be. */
export const MAX_TIME_MS = 8.64e15;

/** A time of the emulator's clock. */
export function timeToJson(ms: number): string {
  return new Date(ms).toISOString();
}

/** What a list shows of an operation. */
export function operationSummaryToJson(view: OperationView): JsonObject {
  const { operation, cancelRequested, deleted, endMs, startMs, percent } = view;
  return {
    name: operation.name,
    state: stateOf(view),
    percent,
    cancelRequested,
    deleted,
    startTime: timeToJson(startMs),
    ...(endMs <= MAX_TIME_MS && { endTime: timeToJson(endMs) }),
  };
}

/** An operation as the control API shows it: more than any client sees. */
export function operationToJson(view: OperationView, registry: Registry): JsonObject {
  const { operation } = view;
  return {
    ...operationSummaryToJson(view),
    operation: messageToJson(OperationSchema, operation, registry) ?? {
      name: operation.name,
      done: operation.done,
    },
  };
}

/** What a list shows of a call. */
export function callSummaryToJson(call: RecordedCall): JsonObject {
  const { sequence, protocol, requestLine, method, status, httpStatus, startMs } = call;
  return {
    sequence,
    time: timeToJson(startMs),
    protocol,
    requestLine,
    ...(method !== undefined && { method }),
    ...(status !== undefined && { status }),
    ...(httpStatus !== undefined && { httpStatus }),
  };
}

/** A call as the control API shows it. */
export function callToJson(call: RecordedCall, registry: Registry): JsonObject {
  const { message } = call;
  const schema = message && registry.getMessage(message.$typeName);
  const json = message && schema && messageToJson(schema, message, registry);
  return {
    ...callSummaryToJson(call),
    headers: { ...call.headers },
    ...(json !== undefined && { message: json }),
  };
}

function stateOf({ operation, deleted }: OperationView): string {
  if (deleted) return "deleted";
  if (!operation.done) return "running";
  if (operation.result.case !== "error") return "succeeded";
  return operation.result.value.code === Code.Canceled ? "cancelled" : "failed";
}

/** `undefined` for a message with an Any of a type that is not registered. */
function messageToJson(schema: DescMessage, message: object, registry: Registry): JsonValue | undefined {
  try {
    // The message comes with its schema: from the record, or an Operation.
    return encodeJson(schema, message as Parameters<typeof toJson>[1], { registry });
  } catch {
    return undefined;
  }
}
