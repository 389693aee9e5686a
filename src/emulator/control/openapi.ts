// SPDX-License-Identifier: Apache-2.0
import type { JsonObject, JsonValue } from "@bufbuild/protobuf";
import { CONTROL_ROUTES, type ControlRoute } from "./routes.js";
import { count, ref, SCHEMAS, text } from "./schemas.js";

/** The streams of server-sent events. */
const STREAMS: JsonObject = {
  "/emulator/v1/calls:stream": {
    get: {
      operationId: "streamCalls",
      summary: "Streams each call as it ends, as server-sent events",
      parameters: parametersOf(["since", "parent", "session"]),
      responses: eventsOf("Events whose data is a Call, and whose id is its sequence"),
    },
  },
  "/emulator/v1/events": {
    get: {
      operationId: "streamUpdates",
      summary: "Streams what a page shows, as server-sent events: first everything, then what changes",
      parameters: [],
      responses: eventsOf("Events whose data is an Update, four a second at most"),
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
    paths: { ...paths, ...STREAMS },
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

function eventsOf(description: string): JsonObject {
  return { "200": { description, content: { "text/event-stream": { schema: text } } } };
}

function parametersOf(names: readonly string[]): JsonValue[] {
  return names.map((name) => ({ name, in: "query", schema: name === "since" ? count : text }));
}
