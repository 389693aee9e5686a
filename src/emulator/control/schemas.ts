// SPDX-License-Identifier: Apache-2.0
import type { JsonObject } from "@bufbuild/protobuf";

/** Any text. */
export const text: JsonObject = { type: "string" };
const time: JsonObject = { type: "string", format: "date-time" };
/** A number of something. */
export const count: JsonObject = { type: "integer", minimum: 0 };
const duration: JsonObject = {
  type: "string",
  description: "Such as 500ms, 30s or 1h30m; never",
};
const message: JsonObject = { type: "object", description: "ProtoJSON of a google.protobuf.Any: with @type" };
/** A reference to one of {@link SCHEMAS}. */
export const ref = (name: string): JsonObject => ({ $ref: `#/components/schemas/${name}` });

function object(properties: JsonObject, required: readonly string[] = []): JsonObject {
  return { type: "object", properties, required: [...required], additionalProperties: false };
}

const operationSummary: JsonObject = {
  name: text,
  state: { enum: ["running", "succeeded", "failed", "cancelled", "deleted"] },
  percent: { type: "integer", minimum: 0, maximum: 100, description: "By its time, or as set" },
  cancelRequested: { type: "boolean" },
  deleted: { type: "boolean" },
  startTime: time,
  endTime: time,
};

const callSummary: JsonObject = {
  sequence: count,
  time,
  protocol: { enum: ["rest", "grpc", "grpc-web", "connect", "in-process"] },
  requestLine: text,
  method: text,
  status: text,
  httpStatus: count,
};

/** The bodies of the control API, in JSON Schema. */
export const SCHEMAS: JsonObject = {
  Empty: object({}),
  Scope: object({ parent: text, session: text }),
  OperationScript: object({
    name: text,
    parent: text,
    id: text,
    session: text,
    duration,
    "on-cancel": { enum: ["cancels", "ignores", "completes", "vanishes", "unsupported"] },
    "cancel-delay": duration,
    "vanish-after": duration,
    response: { anyOf: [message, { const: "none" }] },
    error: ref("Status"),
    metadata: { anyOf: [message, { type: "array", items: object({ after: duration, metadata: message }) }] },
    "percent-field": text,
    "cancel-requested-field": text,
  }),
  Status: object(
    { code: { type: ["string", "integer"] }, message: text, details: { type: "array", items: message } },
    ["code"],
  ),
  Finish: object({ response: message }),
  Progress: object({ percent: { type: "integer", minimum: 0, maximum: 100 }, metadata: message }),
  OperationSummary: object(
    operationSummary,
    Object.keys(operationSummary).filter((key) => key !== "endTime"),
  ),
  Operation: object(
    {
      ...operationSummary,
      operation: { type: "object", description: "ProtoJSON of google.longrunning.Operation" },
    },
    [...Object.keys(operationSummary).filter((key) => key !== "endTime"), "operation"],
  ),
  Update: object(
    {
      time,
      whole: { type: "boolean", description: "Operations not in it are gone" },
      totalSize: count,
      operations: { type: "array", items: ref("OperationSummary") },
      removed: { type: "array", items: text },
      calls: { type: "array", items: ref("CallSummary") },
      skippedCalls: count,
      faults: { type: "array", items: object({ id: text, fault: ref("Fault") }, ["id", "fault"]) },
    },
    ["time"],
  ),
  OperationList: object({ operations: { type: "array", items: ref("Operation") }, totalSize: count }, [
    "operations",
    "totalSize",
  ]),
  Fault: object(
    {
      kind: { enum: ["delay", "error", "reset", "page", "goaway"] },
      method: text,
      parent: text,
      session: text,
      "every-nth": count,
      probability: { type: "number", minimum: 0, maximum: 1 },
      times: count,
      min: duration,
      max: duration,
      code: { type: ["string", "integer"] },
      message: text,
      "retry-delay": duration,
      details: { type: "array", items: message },
      when: { enum: ["before", "after"] },
      status: { type: "integer", minimum: 400, maximum: 599 },
      body: text,
      "content-type": text,
    },
    ["kind"],
  ),
  FaultId: object({ id: text }, ["id"]),
  FaultList: object(
    { faults: { type: "array", items: object({ id: text, fault: ref("Fault") }, ["id", "fault"]) } },
    ["faults"],
  ),
  CallSummary: object(callSummary, ["sequence", "time", "protocol", "requestLine"]),
  Call: object(
    {
      ...callSummary,
      headers: { type: "object", additionalProperties: text },
      message: { type: ["object", "string", "null"], description: "ProtoJSON of the request" },
    },
    ["sequence", "time", "protocol", "requestLine", "headers"],
  ),
  CallList: object({ calls: { type: "array", items: ref("Call") } }, ["calls"]),
  Clock: object({ time }, ["time"]),
  Advance: object({ duration }, ["duration"]),
  Error: object(
    {
      error: {
        type: "object",
        properties: { code: count, message: text, status: text, details: { type: "array" } },
        required: ["code", "message", "status"],
      },
    },
    ["error"],
  ),
};
