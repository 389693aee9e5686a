// SPDX-License-Identifier: Apache-2.0
import type { DescMessage, JsonObject, JsonValue, Registry, toJson } from "@bufbuild/protobuf";
import { Code } from "@connectrpc/connect";
import { OperationSchema } from "../../../gen/google/longrunning/operations_pb.js";
import { encodeJson } from "../../json/encode-json.js";
import type { OperationView } from "../emulator-operations.js";
import type { RecordedCall } from "../record.js";

/** The latest time that a `Date` can represent. */
export const MAX_TIME_MS = 8.64e15;

/** A time of the emulator's clock. */
export function timeToJson(ms: number): string {
  return new Date(ms).toISOString();
}

/** An operation as shown in a list. */
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

/** An operation as the control API shows it, with details that clients do not see. */
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

/** A call as shown in a list. */
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

/** `undefined` if the message contains an Any of an unregistered type. */
function messageToJson(schema: DescMessage, message: object, registry: Registry): JsonValue | undefined {
  try {
    // The message has a schema: it is a recorded request, or an Operation.
    return encodeJson(schema, message as Parameters<typeof toJson>[1], { registry });
  } catch {
    return undefined;
  }
}
