// SPDX-License-Identifier: Apache-2.0
import { constants } from "node:http2";
import { createRegistry } from "@bufbuild/protobuf";
import { Code, type ConnectError, createContextValues } from "@connectrpc/connect";
import { toGrpcTrailer } from "../../errors/grpc-status.js";
import { selectorOf } from "../../names/method-name.js";
import { connectionKey } from "../faults/connection.js";
import { type CallProtocol, type CallRecord, openCallKey } from "../record.js";
import { type AccessOptions, accessError, headOf } from "./access.js";
import { connectionOf, connectionOfStream, type ResetSocket } from "./connection.js";
import { allowBrowsers, isPreflight } from "./cors.js";
import { watchDelivery } from "./delivery.js";
import type { GrpcHandler } from "./grpc/handler.js";
import type { HttpResponse, ServerRequest } from "./http-servers.js";
import type { ListenOptions } from "./listen.js";
import { parseTarget, type RequestTarget } from "./request-target.js";
import type { RestHandler } from "./rest/handler.js";
import { sendError } from "./rest/send.js";
import type { RpcHandler } from "./rpc/handler.js";

/** The handlers of requests. */
export interface RequestHandlerOptions {
  readonly record: CallRecord;
  readonly resetSocket: ResetSocket;
  readonly access: AccessOptions;
  /** The emulator's own paths, tried in order before the services. */
  readonly own: readonly OwnHandler[];
  /** The current handlers, which change when a service is added. */
  handlers(): Handlers;
}

/** Serves paths that do not belong to a service; its requests are not recorded as calls. */
export interface OwnHandler {
  serves(verb: string, path: string): boolean;
  handle(request: ServerRequest, response: HttpResponse, target: RequestTarget): Promise<void>;
}

/** One for each kind of request. */
export interface Handlers {
  readonly grpc: GrpcHandler;
  readonly rpc: RpcHandler;
  readonly rest: RestHandler;
}

/** The listeners for the servers of a port. */
export type RequestHandler = Pick<ListenOptions, "onRequest" | "onStream">;

/**
 * Responds to every request of the port: RPC protocols by their path, everything else as REST. It never throws, and no
 * input from a client can crash the process.
 */
export function createRequestHandler(options: RequestHandlerOptions): RequestHandler {
  const { record, resetSocket, access, own, handlers } = options;
  const onStream: RequestHandler["onStream"] = (stream, headers, rawHeaders) => {
    const { grpc } = handlers();
    const method = grpc.methodFor(headers);
    const head = { httpVersion: "2.0", rawHeaders, target: "" };
    // `onRequest` sends the error for a request that is not allowed.
    if (method === undefined || accessError(head, access) !== undefined) return false;
    const call = record.open({
      protocol: "grpc",
      method: method.selector,
      rawHeaders,
      verb: "POST",
      target: headers[":path"] ?? "",
      httpVersion: "2.0",
    });
    const connection = connectionOfStream(stream, resetSocket);
    const values = createContextValues().set(openCallKey, call).set(connectionKey, connection);
    stream.on("error", ignoreBrokenStream);
    watchDelivery(stream, (delivery) => record.end(call, delivery));
    grpc
      .handle(method, stream, { headers, rawHeaders, call, connection, values })
      .catch(() => stream.close(INTERNAL_ERROR));
    return true;
  };
  const onRequest = (request: ServerRequest, response: HttpResponse): void => {
    const target = parseTarget(request.url ?? "/");
    const error = accessError(headOf(request), access);
    if (error !== undefined) {
      reject(response, error, request.headers["content-type"]);
      return;
    }
    const handler = own.find(({ serves }) => serves(request.method ?? "", target.path));
    if (handler !== undefined) {
      handler.handle(request, response, target).catch(() => response.destroy());
      return;
    }
    const { rpc, rest } = handlers();
    const method = rpc.methodAt(target.path);
    const protocol = protocolOf(request.headers["content-type"], method !== undefined);
    allowBrowsers(request, response);
    if (isPreflight(request)) {
      response.writeHead(204).end();
      return;
    }
    const call = record.open({
      protocol,
      method: method && selectorOf(method),
      rawHeaders: request.rawHeaders,
      verb: request.method ?? "",
      target: request.url ?? "",
      httpVersion: request.httpVersion,
    });
    watchDelivery(response, (delivery) => record.end(call, delivery));
    const connection = connectionOf(request, response, resetSocket);
    const values = createContextValues().set(openCallKey, call).set(connectionKey, connection);
    if (protocol === "rest") {
      rest.handle(request, response, { target, call, connection, values }).catch(() => response.destroy());
      return;
    }
    response.once("finish", () => {
      if (response.headersSent) call.httpStatus = response.statusCode; // HTTP/2 also emits it for a broken stream
    });
    if (method === undefined) {
      call.status = "UNIMPLEMENTED";
      rejectUnknownMethod(response, protocol);
      return;
    }
    rpc.handle(request, response, { call, values, connection });
  };
  return { onRequest, onStream };
}

const NO_TYPES = createRegistry();

/** Handles a response that cannot be sent: an implementation may set headers that HTTP/2 rejects. */
const INTERNAL_ERROR = constants.NGHTTP2_INTERNAL_ERROR;

/** The client broke the stream. Its `close` event reports that. */
function ignoreBrokenStream(): void {}

/** Rejects a request that is not allowed. gRPC clients only read the message of a gRPC status. */
function reject(response: HttpResponse, error: ConnectError, contentType: string | undefined): void {
  if ("stream" in response && protocolOf(contentType, false) === "grpc") {
    const trailer = Object.fromEntries(toGrpcTrailer(error));
    response.stream.respond(
      { ":status": 200, "content-type": "application/grpc", ...trailer },
      { endStream: true },
    );
    return;
  }
  error.metadata.set("connection", "close");
  sendError(response, error, NO_TYPES);
}

/**
 * Rejects a method that is not served as gRPC servers do: with headers alone ("Trailers-Only", gRPC over HTTP/2).
 * With a DATA frame after them, even an empty one, most clients report `INTERNAL` or `UNKNOWN`.
 */
function rejectUnknownMethod(response: HttpResponse, protocol: CallProtocol): void {
  const headers = {
    "content-type": `application/${protocol}`,
    "grpc-status": String(Code.Unimplemented),
    "grpc-message": "unknown method",
  };
  if ("stream" in response) response.stream.respond({ ":status": 200, ...headers }, { endStream: true });
  else response.writeHead(200, headers).end();
}

function protocolOf(contentType: string | undefined, isRpcPath: boolean): CallProtocol {
  if (contentType?.startsWith("application/grpc-web")) return "grpc-web";
  if (contentType?.startsWith("application/grpc")) return "grpc";
  return isRpcPath ? "connect" : "rest";
}
