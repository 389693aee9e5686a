// SPDX-License-Identifier: Apache-2.0
import { createHash, timingSafeEqual } from "node:crypto";
import { createRegistry } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import { headOf, hostOf, isLoopbackAddress } from "../server/access.js";
import { httpError } from "../server/http-error.js";
import type { HttpResponse, ServerRequest } from "../server/http-servers.js";
import type { OwnHandler } from "../server/request-handler.js";
import type { RequestTarget } from "../server/request-target.js";
import { readBody } from "../server/rest/body.js";
import { sendError, sendJson } from "../server/rest/send.js";
import type { Control } from "./control.js";
import { startEventStream } from "./event-stream.js";
import { openApiDocument } from "./openapi.js";
import { matchControlRoute } from "./routes.js";

/** The path prefix of the control API. */
const CONTROL_PREFIX = "/emulator/v1";

/** The description and the streams, which are not among the routes. */
const READ_PATHS: ReadonlySet<string> = new Set(["/openapi.json", "/calls:stream", "/events"]);

/** Options of the control API's handler. */
export interface ControlHandlerOptions {
  readonly control: Control;
  /** The token that requests must have; if `undefined`, only requests from this machine are accepted. */
  readonly controlToken: string | undefined;
  readonly maxRequestBytes: number;
}

const NO_TYPES = createRegistry();

/**
 * Serves the control API below {@link CONTROL_PREFIX}: JSON over HTTP, and server-sent events. Errors are sent in the
 * form of AIP-193.
 */
export function createControlHandler(options: ControlHandlerOptions): OwnHandler {
  const { control, controlToken, maxRequestBytes } = options;
  const serve = async (request: ServerRequest, response: HttpResponse, target: RequestTarget) => {
    requireControl(request, controlToken);
    const path = target.path.slice(CONTROL_PREFIX.length);
    const query = new URLSearchParams(target.query);
    const scope = { parent: query.get("parent") ?? undefined, session: query.get("session") ?? undefined };
    const since = sinceOf(query.get("since") ?? request.headers["last-event-id"]);
    if (READ_PATHS.has(path) && request.method !== "GET") throw methodNotAllowed(request.method ?? "", path);
    if (path === "/openapi.json") {
      sendJson(response, 200, openApiDocument());
      return;
    }
    if (path === "/calls:stream") {
      const stop = control.watchCalls(scope, (sequence, call) => events.send(call, sequence));
      const events = startEventStream(response, stop);
      if (since >= 0)
        for (const call of control.calls(since, scope)) events.send(call, Number(call.sequence));
      return;
    }
    if (path === "/events") {
      const events = startEventStream(response, () => stop());
      const stop = control.watch(events);
      return;
    }
    const { route, resource } = matchControlRoute(request.method ?? "", path);
    const body = route.request === undefined ? {} : await readJson(request, maxRequestBytes);
    sendJson(response, 200, await route.run(control, { resource, scope, since, body }));
  };

  return {
    serves: (_, path) => path.startsWith(CONTROL_PREFIX),
    handle: async (request, response, target) => {
      try {
        await serve(request, response, target);
      } catch (reason) {
        sendError(response, errorOf(reason), NO_TYPES);
      }
    },
  };
}

function methodNotAllowed(verb: string, path: string): ConnectError {
  const message = `control: no such method at ${path} (got ${verb}; expected GET)`;
  return httpError(405, Code.Unimplemented, message, { allow: "GET" });
}

/** Only the emulator's own page may control it; requests from other machines need the token. */
function requireControl(request: ServerRequest, token: string | undefined): void {
  const { origin } = request.headers;
  if (origin !== undefined && origin.replace(/^https?:\/\//, "") !== hostOf(headOf(request))) {
    throw httpError(
      403,
      Code.PermissionDenied,
      "control: pages of other origins may not control the emulator",
    );
  }
  if (token === undefined) {
    if (isLoopbackAddress(request.socket.remoteAddress ?? "")) return;
    throw httpError(
      403,
      Code.PermissionDenied,
      "control: from beyond this machine it takes a token (start the emulator with --control-token)",
    );
  }
  if (isSame(request.headers.authorization ?? "", `Bearer ${token}`)) return;
  throw httpError(
    401,
    Code.Unauthenticated,
    "control: expected the control token (Authorization: Bearer ...)",
    {
      "www-authenticate": "Bearer",
    },
  );
}

/** Compares in constant time, so that the duration reveals nothing about the token. */
function isSame(given: string, expected: string): boolean {
  const hash = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(hash(given), hash(expected));
}

async function readJson(request: ServerRequest, maxBytes: number): Promise<unknown> {
  const bytes = await readBody(request, maxBytes);
  if (bytes.length === 0) return {};
  const [type = ""] = (request.headers["content-type"] ?? "").toLowerCase().split(";", 1);
  // `curl -d` without a header sends a form's content type.
  if (!["", "application/json", "application/x-www-form-urlencoded"].includes(type.trim())) {
    throw httpError(415, Code.InvalidArgument, "control: the Content-Type is not application/json");
  }
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    throw new ConnectError("control: the body is not JSON", Code.InvalidArgument);
  }
}

/** The sequence number of the last call already seen; -1 if not given, which for a stream means from now on. */
function sinceOf(text: string | string[] | undefined): number {
  if (text === undefined) return -1;
  if (typeof text === "string" && /^\d{1,15}$/.test(text)) return Number(text);
  throw new ConnectError("since: expected the sequence of a call", Code.InvalidArgument);
}

/** A TypeError of the script parsers means that the request is invalid. */
function errorOf(reason: unknown): ConnectError {
  if (!(reason instanceof TypeError)) return ConnectError.from(reason, Code.Internal);
  return new ConnectError(reason.message, Code.InvalidArgument, undefined, undefined, reason);
}
