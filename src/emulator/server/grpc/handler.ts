// SPDX-License-Identifier: Apache-2.0
import { constants, type IncomingHttpHeaders, type ServerHttp2Stream } from "node:http2";
import { create, fromBinary, type Message, toBinary } from "@bufbuild/protobuf";
import {
  Code,
  ConnectError,
  type ContextValues,
  type MethodImplSpec,
  type ServiceImplSpec,
} from "@connectrpc/connect";
import { toGrpcTrailer } from "../../../errors/grpc-status.js";
import { codeName } from "../../../names/code-name.js";
import { selectorOf } from "../../../names/method-name.js";
import { shorten } from "../../../names/shorten.js";
import type { Clock } from "../../../time/clock.js";
import type { Connection, FaultPage } from "../../faults/connection.js";
import type { CallRecord, OpenCall } from "../../record.js";
import { type CallContext, createCallContext } from "../call-context.js";
import { fromGrpcTimeout } from "../timeouts.js";
import { fromGrpcFrame, readGrpcBody, toGrpcFrame } from "./frame.js";

/** Options of the gRPC handler. */
export interface GrpcHandlerOptions {
  readonly services: readonly ServiceImplSpec[];
  readonly record: CallRecord;
  readonly clock: Clock;
  readonly maxRequestBytes: number;
  /** Aborted when the server ends calls in flight. */
  readonly closing: AbortSignal;
}

/** A gRPC call. */
export interface GrpcArrival {
  readonly headers: IncomingHttpHeaders;
  readonly rawHeaders: readonly string[];
  readonly call: OpenCall;
  readonly connection: Connection;
  readonly values: ContextValues;
}

/** Plain gRPC, directly on HTTP/2 streams: unary methods without compression. */
export interface GrpcHandler {
  /** The method of a request of this kind; `undefined` passes it to the other handlers. */
  methodFor(headers: IncomingHttpHeaders): GrpcMethod | undefined;
  handle(method: GrpcMethod, stream: ServerHttp2Stream, arrival: GrpcArrival): Promise<void>;
}

/** A method that is served. */
export interface GrpcMethod {
  readonly selector: string;
  readonly spec: UnarySpec;
}

type UnarySpec = Extract<MethodImplSpec, { kind: "unary" }>;

const CONTENT_TYPES: ReadonlySet<string | undefined> = new Set([
  "application/grpc",
  "application/grpc+proto",
]);

/**
 * Serves the kind of calls that load tests use, about four times as many per second as connect-node's general adapter.
 * Streams, compression and JSON are left to that.
 */
export function createGrpcHandler(options: GrpcHandlerOptions): GrpcHandler {
  const { record, clock, closing, maxRequestBytes } = options;
  const byPath = new Map<string | undefined, GrpcMethod>();
  for (const { service, methods } of options.services) {
    for (const spec of Object.values(methods)) {
      if (spec.kind !== "unary") continue;
      byPath.set(`/${service.typeName}/${spec.method.name}`, { selector: selectorOf(spec.method), spec });
    }
  }

  const contextOf = (spec: UnarySpec, stream: ServerHttp2Stream, arrival: GrpcArrival) => {
    const { headers, rawHeaders, values } = arrival;
    return createCallContext({
      method: spec.method,
      protocolName: "grpc",
      requestMethod: "POST",
      url: headers[":path"] ?? "",
      rawHeaders,
      values,
      timeoutMs: fromGrpcTimeout(headers["grpc-timeout"]),
      clock,
      closing,
      onOver: (listener) => stream.once("close", listener),
    });
  };

  return {
    methodFor: (headers) => {
      const isPlain =
        CONTENT_TYPES.has(headers["content-type"]) &&
        headers[":method"] === "POST" &&
        (headers["grpc-encoding"] ?? "identity") === "identity";
      return isPlain ? byPath.get(headers[":path"]) : undefined;
    },
    handle: async ({ spec }, stream, arrival) => {
      const { call, connection } = arrival;
      const context = contextOf(spec, stream, arrival);
      try {
        const body = await readGrpcBody(stream, maxRequestBytes);
        record.addBytes(call, body.length);
        const { output } = spec.method;
        const response = create(output, await spec.impl(parsed(spec, fromGrpcFrame(body)), context));
        const frame = toGrpcFrame(toBinary(output, response));
        if (!connection.isReset()) respond(stream, context, { frame, status: STATUS_OK });
      } catch (reason) {
        if (connection.isReset()) return;
        const error = ConnectError.from(reason, Code.Internal);
        call.status ??= codeName(error.code);
        const status = trailersOf(error);
        if (connection.page === undefined) respond(stream, context, { frame: undefined, status });
        else respondWithPage(stream, connection.page);
        // The rest of a request that is not read to its end is not wanted (RFC 9113, section 8.1).
        if (!stream.readableEnded) stream.close(constants.NGHTTP2_NO_ERROR);
      }
      if (stream.headersSent) call.httpStatus = connection.page?.status ?? 200;
    },
  };
}

const STATUS_OK = { "grpc-status": "0" };
const HEAD = { ":status": 200, "content-type": "application/grpc+proto" };
const WITH_TRAILERS = { waitForTrailers: true };

/** Above this, Node breaks the stream instead of sending trailers; 64 KiB less what else it counts. */
const MAX_TRAILER_BYTES = 60_000;

/** The trailers of an error. If they are too large to send, its code and the start of its message remain. */
function trailersOf(error: ConnectError): Record<string, string> {
  const trailers = { ...Object.fromEntries(error.metadata), ...Object.fromEntries(toGrpcTrailer(error)) };
  const bytes = Object.entries(trailers).reduce((sum, [name, value]) => sum + name.length + value.length, 0);
  if (bytes <= MAX_TRAILER_BYTES) return trailers;
  return Object.fromEntries(toGrpcTrailer(new ConnectError(shorten(error.rawMessage, 1_000), error.code)));
}

function parsed({ method: { input } }: UnarySpec, bytes: Uint8Array): Message {
  try {
    return fromBinary(input, bytes);
  } catch (cause) {
    throw new ConnectError(
      `The message is no ${input.typeName}.`,
      Code.InvalidArgument,
      undefined,
      undefined,
      cause,
    );
  }
}

/**
 * Sends headers, a message and trailers. An error without headers is sent in a single HEADERS frame ("Trailers-Only").
 */
function respond(
  stream: ServerHttp2Stream,
  { setHeaders, setTrailers }: CallContext,
  { frame, status }: { readonly frame: Uint8Array | undefined; readonly status: Record<string, string> },
): void {
  if (stream.destroyed || stream.headersSent) return;
  const trailers = setTrailers === undefined ? status : { ...Object.fromEntries(setTrailers), ...status };
  if (frame === undefined && setHeaders === undefined) {
    stream.respond({ ...trailers, ...HEAD }, { endStream: true });
    return;
  }
  const head = setHeaders === undefined ? HEAD : { ...Object.fromEntries(setHeaders), ...HEAD };
  stream.on("wantTrailers", () => stream.sendTrailers(trailers));
  stream.respond(head, WITH_TRAILERS);
  stream.end(frame);
}

function respondWithPage(stream: ServerHttp2Stream, { status, contentType, body }: FaultPage): void {
  if (stream.destroyed || stream.headersSent) return;
  stream.respond({ ":status": status, "content-type": contentType });
  stream.end(body);
}
