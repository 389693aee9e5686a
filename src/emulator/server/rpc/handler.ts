// SPDX-License-Identifier: Apache-2.0
import type { DescMethod, Registry } from "@bufbuild/protobuf";
import { Code, type ContextValues, createConnectRouter, type ServiceImplSpec } from "@connectrpc/connect";
import type {
  UniversalHandler,
  UniversalServerRequest,
  UniversalServerResponse,
} from "@connectrpc/connect/protocol";
import {
  compressionBrotli,
  compressionGzip,
  universalRequestFromNodeRequest,
  universalResponseToNodeResponse,
} from "@connectrpc/connect-node";
import type { Connection } from "../../faults/connection.js";
import type { CallRecord, OpenCall } from "../../record.js";
import { addRoutes } from "../../routes.js";
import { httpError } from "../http-error.js";
import type { HttpResponse, ServerRequest } from "../http-servers.js";
import { parseTarget } from "../request-target.js";
import { sendBytes, sendError } from "../rest/send.js";
import { enveloped, whole } from "./body.js";

/** Options of the handler for gRPC, gRPC-Web and Connect. */
export interface RpcHandlerOptions {
  readonly services: readonly ServiceImplSpec[];
  /** Types that an Any in Connect's JSON may contain. */
  readonly registry: Registry;
  readonly record: CallRecord;
  readonly maxRequestBytes: number;
  /** Aborted when the server ends calls in flight. */
  readonly closing: AbortSignal;
}

/** gRPC, gRPC-Web and Connect for some services. */
export interface RpcHandler {
  /** The method at a path, `/{service}/{method}`. */
  methodAt(path: string): DescMethod | undefined;
  /** Responds to a request; its path must be that of a method. */
  handle(request: ServerRequest, nodeResponse: HttpResponse, arrival: RpcArrival): void;
}

/** An RPC request. */
export interface RpcArrival {
  readonly call: OpenCall;
  readonly values: ContextValues;
  readonly connection: Connection;
}

/**
 * Serves the three RPC protocols with connect-node. Its `connectNodeAdapter` would do the same, but logs each client that
 * disconnects to the console (docs/upstream.md).
 */
export function createRpcHandler(options: RpcHandlerOptions): RpcHandler {
  const { services, registry, record, maxRequestBytes, closing } = options;
  const router = createConnectRouter({
    acceptCompression: [compressionGzip, compressionBrotli],
    jsonOptions: { registry },
    readMaxBytes: maxRequestBytes,
    shutdownSignal: closing,
  });
  const handlers = new Map<string, UniversalHandler>();
  for (const handler of addRoutes(router, services).handlers) handlers.set(handler.requestPath, handler);

  const serve = async (
    handler: UniversalHandler,
    request: UniversalServerRequest,
    { nodeResponse, connection }: { readonly nodeResponse: HttpResponse; readonly connection: Connection },
  ) => {
    try {
      const response = await withFirstChunk(await handler(request));
      if (connection.isReset()) return;
      const { page } = connection;
      if (page === undefined)
        await universalResponseToNodeResponse(untilReset(response, connection), nodeResponse);
      else sendBytes(nodeResponse, page.status, { contentType: page.contentType, data: page.body });
    } catch {
      // The client disconnected, its request was incomplete, or its connection was reset: there is no one to respond to.
      if (!connection.isReset()) nodeResponse.destroy();
    }
  };
  return {
    methodAt: (path) => handlers.get(path)?.method,
    handle: (request, nodeResponse, { call, values, connection }) => {
      const handler = handlers.get(parseTarget(request.url ?? "/").path);
      try {
        const universal = universalRequestFromNodeRequest(request, nodeResponse, undefined, values);
        const read = isEnveloped(request.headers["content-type"]) ? enveloped : whole;
        // The body is a stream, never JSON that was already parsed.
        const body = universal.body as AsyncIterable<Uint8Array>;
        const onBytes = (count: number) => record.addBytes(call, count);
        const bounded = read(body, { maxBytes: maxRequestBytes, onBytes });
        if (handler !== undefined)
          void serve(handler, { ...universal, body: bounded }, { nodeResponse, connection });
      } catch {
        // connect-node builds a URL from the request's Host and target, and both may be invalid.
        sendError(
          nodeResponse,
          httpError(400, Code.InvalidArgument, "The request's URL or Host is malformed."),
          registry,
        );
      }
    },
  };
}

/** Whether messages have a prefix: in all protocols except Connect's unary calls. */
function isEnveloped(contentType = ""): boolean {
  return contentType.startsWith("application/grpc") || contentType.startsWith("application/connect+");
}

/** A response whose implementation has run up to its first message, so that its faults have been applied. */
async function withFirstChunk(response: UniversalServerResponse): Promise<UniversalServerResponse> {
  if (response.body === undefined) return response;
  const chunks = response.body[Symbol.asyncIterator]();
  const first = await chunks.next();
  return { ...response, body: startingWith(first, chunks) };
}

async function* startingWith(
  first: IteratorResult<Uint8Array>,
  rest: AsyncIterator<Uint8Array>,
): AsyncGenerator<Uint8Array, void> {
  try {
    for (let next = first; next.done !== true; next = await rest.next()) yield next.value;
  } finally {
    await rest.return?.();
  }
}

/** A stream's response, which ends without trailers if a fault resets the connection. */
function untilReset(response: UniversalServerResponse, connection: Connection): UniversalServerResponse {
  const { body } = response;
  if (body === undefined) return response;
  const checked = async function* () {
    for await (const chunk of body) {
      if (connection.isReset()) break;
      yield chunk;
    }
    if (connection.isReset()) throw new Error("the connection was reset");
  };
  return { ...response, body: checked() };
}
