// SPDX-License-Identifier: Apache-2.0
import type { JsonObject, JsonValue } from "@bufbuild/protobuf";
import { CONTROL_ROUTES, type ControlRoute } from "./routes.js";

const text: JsonObject = { type: "string" };
const time: JsonObject = { type: "string", format: "date-time" };
const count: JsonObject = { type: "integer", minimum: 0 };
const duration: JsonObject = {
  type: "string",
  description: "Such as 500ms, 30s or 1h30m; never",
};
const message: JsonObject = { type: "object", description: "ProtoJSON of a google.protobuf.Any: with @type" };
const ref = (name: string): JsonObject => ({ $ref: `#/components/schemas/${name}` });

function object(properties: JsonObject, required: readonly string[] = []): JsonObject {
  return { type: "object", properties, required: [...required], additionalProperties: false };
}

const SCHEMAS: JsonObject = {
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
  Operation: object(
    {
      name: text,
      state: { enum: ["running", "succeeded", "failed", "cancelled", "deleted"] },
      cancelRequested: { type: "boolean" },
      deleted: { type: "boolean" },
      startTime: time,
      endTime: time,
      operation: { type: "object", description: "ProtoJSON of google.longrunning.Operation" },
    },
    ["name", "state", "cancelRequested", "deleted", "startTime", "operation"],
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
  Call: object(
    {
      sequence: count,
      time,
      protocol: { enum: ["rest", "grpc", "grpc-web", "connect", "in-process"] },
      requestLine: text,
      headers: { type: "object", additionalProperties: text },
      method: text,
      status: text,
      httpStatus: count,
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

const EVENTS: JsonObject = {
  get: {
    operationId: "streamCalls",
    summary: "Streams each call as it ends, as server-sent events",
    parameters: parametersOf(["since", "parent", "session"]),
    responses: {
      "200": {
        description: "Events whose data is a Call, and whose id is its sequence",
        content: { "text/event-stream": { schema: text } },
      },
    },
  },
};

/** The description of the control API: OpenAPI 3.1. */
export function openApiDocument(): JsonObject {
  const paths: Record<string, JsonObject> = {};
  for (const route of CONTROL_ROUTES) {
    const path = `/emulator/v1${route.path}`;
    paths[path] = { ...paths[path], [route.verb.toLowerCase()]: describe(route) };
  }
  return {
    openapi: "3.1.0",
    info: { title: "Control of the longrunning emulator", version: "v1" },
    paths: { ...paths, "/emulator/v1/calls:stream": EVENTS },
    components: { schemas: SCHEMAS },
  };
}

function describe(route: ControlRoute): JsonObject {
  const variable = /\{(\w+)\}/.exec(route.path)?.[1];
  const inPath: JsonValue[] =
    variable === undefined
      ? []
      : [{ name: variable, in: "path", required: true, schema: text, allowReserved: true }];
  return {
    operationId: route.id,
    summary: route.summary,
    parameters: [...inPath, ...parametersOf(route.query ?? [])],
    ...(route.request !== undefined && {
      requestBody: { content: { "application/json": { schema: ref(route.request) } } },
    }),
    responses: { "200": responseOf("OK", route.response), default: responseOf("An error", "Error") },
  };
}

function responseOf(description: string, schema: string): JsonObject {
  return { description, content: { "application/json": { schema: ref(schema) } } };
}

function parametersOf(names: readonly string[]): JsonValue[] {
  return names.map((name) => ({ name, in: "query", schema: name === "since" ? count : text }));
}
