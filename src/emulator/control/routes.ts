// SPDX-License-Identifier: Apache-2.0
import type { JsonObject } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import type { Scope } from "../scope.js";
import { httpError } from "../server/http-error.js";
import type { Control } from "./control.js";

/** A parsed request of the control API. */
export interface ControlRequest {
  /** The value of `{name}` or `{id}` in the path, percent-decoded. */
  readonly resource: string;
  readonly scope: Scope;
  /** From `since` in the query, or `Last-Event-ID`. */
  readonly since: number;
  /** The JSON body; `{}` if there is none. */
  readonly body: unknown;
}

/** One method of the control API, with its documentation. */
export interface ControlRoute {
  readonly verb: "GET" | "POST" | "DELETE";
  /** Below `/emulator/v1`; `{name}` matches any number of segments. */
  readonly path: string;
  readonly id: string;
  readonly summary: string;
  /** Names of schemas in the OpenAPI document. */
  readonly request?: string;
  readonly response: string;
  /** Parameters of the query. */
  readonly query?: readonly ("parent" | "session" | "since")[];
  run(control: Control, request: ControlRequest): JsonObject | Promise<JsonObject>;
}

const SCOPED = ["parent", "session"] as const;
const OPERATION = "/operations/{name}";

/** Every method except the event stream, whose response does not end. */
export const CONTROL_ROUTES: readonly ControlRoute[] = [
  {
    verb: "POST",
    path: "/operations",
    id: "startOperation",
    summary: "Starts an operation that behaves as a script says",
    request: "OperationScript",
    response: "Operation",
    run: (control, { body }) => control.startOperation(body),
  },
  {
    verb: "GET",
    path: "/operations",
    id: "listOperations",
    summary: "Lists operations, the newest first, deleted ones too; 1000 at most",
    query: SCOPED,
    response: "OperationList",
    run: (control, { scope }) => control.listOperations(scope),
  },
  {
    verb: "GET",
    path: OPERATION,
    id: "getOperation",
    summary: "Shows an operation: more than a client sees",
    response: "Operation",
    run: (control, { resource }) => control.getOperation(resource),
  },
  {
    verb: "DELETE",
    path: OPERATION,
    id: "removeOperation",
    summary: "Removes an operation without a trace",
    response: "Empty",
    run: (control, { resource }) => control.removeOperation(resource),
  },
  {
    verb: "POST",
    path: `${OPERATION}:finish`,
    id: "finishOperation",
    summary: "Ends a running operation with a response",
    request: "Finish",
    response: "Operation",
    run: (control, { resource, body }) => control.finishOperation(resource, body),
  },
  {
    verb: "POST",
    path: `${OPERATION}:fail`,
    id: "failOperation",
    summary: "Ends a running operation with an error",
    request: "Status",
    response: "Operation",
    run: (control, { resource, body }) => control.failOperation(resource, body),
  },
  {
    verb: "POST",
    path: `${OPERATION}:progress`,
    id: "setProgress",
    summary: "Sets the percentage or the metadata of a running operation, from now on",
    request: "Progress",
    response: "Operation",
    run: (control, { resource, body }) => control.setProgress(resource, body),
  },
  {
    verb: "POST",
    path: `${OPERATION}:cancel`,
    id: "cancelOperation",
    summary: "Requests cancellation, as a client does",
    response: "Operation",
    run: (control, { resource }) => control.cancelOperation(resource),
  },
  {
    verb: "POST",
    path: "/faults",
    id: "addFault",
    summary: "Adds a fault",
    request: "Fault",
    response: "FaultId",
    run: (control, { body }) => control.addFault(body),
  },
  {
    verb: "GET",
    path: "/faults",
    id: "listFaults",
    summary: "Lists the faults that came by this API",
    query: SCOPED,
    response: "FaultList",
    run: (control, { scope }) => control.listFaults(scope),
  },
  {
    verb: "DELETE",
    path: "/faults",
    id: "removeFaults",
    summary: "Removes the faults that came by this API",
    query: SCOPED,
    response: "Empty",
    run: (control, { scope }) => control.removeFaults(scope),
  },
  {
    verb: "DELETE",
    path: "/faults/{id}",
    id: "removeFault",
    summary: "Removes one fault",
    response: "Empty",
    run: (control, { resource }) => control.removeFault(resource),
  },
  {
    verb: "GET",
    path: "/calls",
    id: "listCalls",
    summary: "Lists the latest calls, the oldest first",
    query: ["since", ...SCOPED],
    response: "CallList",
    run: (control, { since, scope }) => ({ calls: [...control.calls(since, scope)] }),
  },
  {
    verb: "GET",
    path: "/clock",
    id: "getClock",
    summary: "Tells the emulator's time",
    response: "Clock",
    run: (control) => control.time(),
  },
  {
    verb: "POST",
    path: "/clock:advance",
    id: "advanceClock",
    summary: "Moves the emulator's time ahead, so that no test sleeps",
    request: "Advance",
    response: "Clock",
    run: (control, { body }) => control.advanceClock(body),
  },
  {
    verb: "POST",
    path: ":reset",
    id: "reset",
    summary: "Removes operations, faults and calls: all, or those of a parent or a session",
    request: "Scope",
    response: "Empty",
    run: (control, { body }) => control.reset(body),
  },
];

/** The route of a request, with the value of its path's variable. @throws ConnectError `NotFound`; HttpError 405 */
export function matchControlRoute(verb: string, path: string): { route: ControlRoute; resource: string } {
  const matches = CONTROL_ROUTES.flatMap((route) => {
    const resource = resourceIn(route.path, path);
    return resource === undefined ? [] : [{ route, resource }];
  }).sort((a, b) => b.route.path.length - a.route.path.length);
  const [closest] = matches;
  if (closest === undefined) {
    throw new ConnectError("control: no such path (see /emulator/v1/openapi.json)", Code.NotFound);
  }
  const found = matches.find(
    ({ route }) => route.verb === verb && route.path.length === closest.route.path.length,
  );
  if (found !== undefined) return found;
  throw notAllowed(verb, closest.route.path);
}

/** The error for a path without the method, with those that it and its custom methods have (`:cancel`, AIP-136). */
function notAllowed(verb: string, path: string): ConnectError {
  const own = CONTROL_ROUTES.filter((route) => route.path === path).map((route) => route.verb);
  const custom = CONTROL_ROUTES.filter((route) => route.path.startsWith(`${path}:`)).map(
    (route) => `${route.verb} ${route.path.slice(path.length)}`,
  );
  const expected = [...own, ...custom].join(", ");
  const message = `control: no such method at ${path} (got ${verb}; expected ${expected})`;
  return httpError(405, Code.Unimplemented, message, { allow: own.join(", ") });
}

/** The value of a template's variable in a path; "" for a template without one. */
function resourceIn(template: string, path: string): string | undefined {
  const [before = "", after] = template.split(/\{\w+\}/);
  if (after === undefined) return template === path ? "" : undefined;
  const isFit = path.startsWith(before) && path.endsWith(after) && path.length > before.length + after.length;
  if (!isFit) return undefined;
  try {
    return decodeURIComponent(path.slice(before.length, path.length - after.length));
  } catch {
    throw new ConnectError("control: the path is not valid percent-encoding", Code.InvalidArgument);
  }
}
