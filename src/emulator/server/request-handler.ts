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

/** Where requests go. */
export interface RequestHandlerOptions {
  readonly record: CallRecord;
  readonly resetSocket: ResetSocket;
  readonly access: AccessOptions;
  /** What the emulator serves of its own, before the services: the first whose path it is takes a request. */
  readonly own: readonly OwnHandler[];
  /** The handlers at this moment: they change when a service is added. */
  handlers(): Handlers;
}

/** Serves some paths beside the services; what it is asked is no call, and not recorded. */
export interface OwnHandler {
  serves(verb: string, path: string): boolean;
  handle(request: ServerRequest, response: HttpResponse, target: RequestTarget): Promise<void>;
}

/** One for each way to read a request. */
export interface Handlers {
  readonly grpc: GrpcHandler;
  readonly rpc: RpcHandler;
  readonly rest: RestHandler;
}

/** What the servers of a port hand their requests to. */
export type RequestHandler = Pick<ListenOptions, "onRequest" | "onStream">;

/**
 * Responds to every request of the port: RPC protocols by their path, everything else as REST. It never throws,
 * and no bytes that a client sends end the process.
 */
export function createRequestHandler(options: RequestHandlerOptions): RequestHandler {
  const { record, resetSocket, access, own, handlers } = options;
  const onStream: RequestHandler["onStream"] = (stream, headers, rawHeaders) => {
    const { grpc } = handlers();
    const method = grpc.methodFor(headers);
    const head = { httpVersion: "2.0", rawHeaders, target: "" };
    // `onRequest` sends the error for a request that may not come in.
    if (method === undefined || accessError(head, access) !== undefined) return false;
    const call = record.open({
      protocol: "grpc",
      method: selectorOf(method),
      rawHeaders,
      verb: "POST",
      target: headers[":path"] ?? "",
      httpVersion: "2.0",
    });
    const connection = connectionOfStream(stream, resetSocket);
    const values = createContextValues().set(openCallKey, call).set(connectionKey, connection);
    stream.on("error", ignoreBrokenStream);
    watchDelivery(stream, call.end);
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
    watchDelivery(response, call.end);
    const connection = connectionOf(request, response, resetSocket);
    const values = createContextValues().set(openCallKey, call).set(connectionKey, connection);
    if (protocol === "rest") {
      rest.handle(request, response, { target, call, connection, values }).catch(() => response.destroy());
      return;
    }
    response.once("finish", () => {
      if (response.headersSent) call.httpStatus = response.statusCode; // HTTP/2 emits it for a broken stream too
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

/** For a response that cannot be sent: an implementation may set headers that HTTP/2 does not take. */
const INTERNAL_ERROR = constants.NGHTTP2_INTERNAL_ERROR;

/** The client broke the stream. Its `close` event reports that. */
function ignoreBrokenStream(): void {}

/** Rejects a request that may not come in. gRPC clients read the message of a gRPC status only. */
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
 * A DATA frame after them, even an empty one, makes `INTERNAL` or `UNKNOWN` of it in most clients.
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
