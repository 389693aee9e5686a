// SPDX-License-Identifier: Apache-2.0
import type { DescMethod, Registry } from "@bufbuild/protobuf";
import {
  Code,
  ConnectError,
  type ContextValues,
  type MethodImplSpec,
  type ServiceImplSpec,
} from "@connectrpc/connect";
import { Operations } from "../../../../gen/google/longrunning/operations_pb.js";
import { isRaw } from "../../../http-rule/body/body.js";
import type { Match } from "../../../http-rule/matcher.js";
import { fromRestCall } from "../../../http-rule/transcode.js";
import { codeName } from "../../../names/code-name.js";
import { selectorOf } from "../../../names/method-name.js";
import type { Clock } from "../../../time/clock.js";
import type { Connection } from "../../faults/connection.js";
import type { CallRecord, OpenCall } from "../../record.js";
import { createCallContext } from "../call-context.js";
import { httpError } from "../http-error.js";
import type { HttpResponse, ServerRequest } from "../http-servers.js";
import type { RequestTarget } from "../request-target.js";
import { fromServerTimeout } from "../timeouts.js";
import { hasBody, readBody } from "./body.js";
import { createRestMatcher, type RestRules } from "./http-rules.js";
import { createRestJson } from "./json.js";
import { runStream, runUnary } from "./run.js";
import { sendBytes, sendError } from "./send.js";

const NO_BYTES = new Uint8Array();

/** Options of the REST handler. */
export interface RestHandlerOptions {
  readonly services: readonly ServiceImplSpec[];
  readonly rules: RestRules;
  readonly registry: Registry;
  readonly record: CallRecord;
  readonly clock: Clock;
  readonly maxRequestBytes: number;
  /** Aborted when the server ends calls in flight. */
  readonly closing: AbortSignal;
}

/** A REST request. */
export interface RestArrival {
  readonly target: RequestTarget;
  readonly call: OpenCall;
  readonly connection: Connection;
  readonly values: ContextValues;
}

/** REST for some services, by their HTTP rules. */
export interface RestHandler {
  /** Responds to a request; errors are sent in the form of AIP-193. */
  handle(request: ServerRequest, response: HttpResponse, arrival: RestArrival): Promise<void>;
}

/**
 * Serves REST: finds the method by HTTP method and path, reads the message, calls the implementation and writes the
 * response.
 */
export function createRestHandler(options: RestHandlerOptions): RestHandler {
  const { registry, record, clock, closing, maxRequestBytes } = options;
  const matcher = createRestMatcher(options.rules);
  const jsonFor = createRestJson(registry);
  const specs = new Map<DescMethod, MethodImplSpec>();
  for (const { methods } of options.services)
    for (const spec of Object.values(methods)) specs.set(spec.method, spec);

  const serve = async (
    request: ServerRequest,
    response: HttpResponse,
    { target, call, connection, values }: RestArrival,
  ) => {
    const { binding, values: pathValues } = found(
      matcher.match(request.method ?? "", target.path),
      request,
      target,
    );
    const { method } = binding;
    call.method = selectorOf(method);
    const json = jsonFor(target.query);
    const content = hasBody(request) ? await readBody(request, maxRequestBytes) : NO_BYTES;
    record.addBytes(call, content.length);
    const contentType = request.headers["content-type"] ?? "";
    const takesBytes = isRaw(binding.body);
    const isFile = takesBytes && contentType !== ""; // a file may be empty, but empty JSON means no body
    const body = content.length === 0 && !isFile ? undefined : { contentType, content };
    if (body !== undefined && !takesBytes) requireJson(contentType);
    const message = fromRestCall(binding, { values: pathValues, query: target.query, body }, json);
    const context = createCallContext({
      method,
      protocolName: "rest",
      requestMethod: request.method ?? "",
      url: request.url ?? "",
      rawHeaders: request.rawHeaders,
      values,
      timeoutMs: fromServerTimeout(request.headers["x-server-timeout"]),
      clock,
      closing,
      onOver: (listener) => response.once("close", listener),
    });
    const run = { binding, message, context, response, connection, json, registry };
    const spec = specs.get(method);
    try {
      if (spec?.kind === "unary") await runUnary(spec, run);
      else if (spec?.kind === "server_streaming") await runStream(spec, run);
      else throw new ConnectError("REST has no streams of requests.", Code.Unimplemented);
    } catch (reason) {
      const error = ConnectError.from(reason, Code.Internal);
      for (const [name, value] of context.setHeaders ?? []) error.metadata.append(name, value);
      throw isUnservedPath(method, pathValues, error) ? unservedPath(request, target, ALSO_A_NAME) : error;
    }
  };

  return {
    handle: async (request, response, arrival) => {
      try {
        await serve(request, response, arrival);
      } catch (reason) {
        if (arrival.connection.isReset()) return;
        const { page } = arrival.connection;
        const error = ConnectError.from(reason, Code.Internal);
        arrival.call.status ??= codeName(error.code);
        if (page === undefined) sendError(response, error, registry);
        else sendBytes(response, page.status, { contentType: page.contentType, data: page.body });
      }
      if (response.headersSent) arrival.call.httpStatus = response.statusCode;
    },
  };
}

function found(
  match: Match,
  request: ServerRequest,
  target: RequestTarget,
): Extract<Match, { kind: "found" }> {
  switch (match.kind) {
    case "found":
      return match;
    case "other-verb": {
      const allow = match.allowed.join(", ");
      throw httpError(405, Code.Unimplemented, `${request.method} is not allowed here: expected ${allow}.`, {
        allow,
      });
    }
    case "no-path":
      throw unservedPath(request, target, "");
  }
}

/** Maximum length of a path quoted in an error. */
const MAX_QUOTED_PATH = 200;
const ALSO_A_NAME = "; read as the name of an operation, it is not known either";

/** The error for a path without a method. */
function unservedPath(request: ServerRequest, { path }: RequestTarget, more: string): ConnectError {
  const quoted = path.length > MAX_QUOTED_PATH ? `${path.slice(0, MAX_QUOTED_PATH)}...` : path;
  return httpError(
    404,
    Code.NotFound,
    `nothing is served at ${request.method} ${quoted}${more}. Names of an API of Google: --api spanner, or httpRules: ` +
      'httpRulesOf("spanner"). Any names: --http-prefix /v1, or operationsHttpRules({ prefix: "/v1" }). ' +
      "Other services: --descriptor-set, or serve()",
  );
}

/** A rule for any name also matches paths of other resources: hint at that for an unknown name without "operations". */
function isUnservedPath(method: DescMethod, names: readonly string[], error: ConnectError): boolean {
  return (
    error.code === Code.NotFound &&
    method.parent.typeName === Operations.typeName &&
    names.every((name) => !name.split("/").includes("operations"))
  );
}

/** A body without a content type is treated as JSON, as on Google's servers. */
function requireJson(contentType: string): void {
  const [type = ""] = contentType.toLowerCase().split(";", 1);
  if (type === "" || type.trim() === "application/json" || type.trim().endsWith("+json")) return;
  throw httpError(415, Code.InvalidArgument, "The request's Content-Type is not application/json.", {
    accept: "application/json",
  });
}
