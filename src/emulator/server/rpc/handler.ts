// SPDX-License-Identifier: Apache-2.0
import type { DescMethod, Registry } from "@bufbuild/protobuf";
import { Code, type ContextValues, createConnectRouter, type ServiceImplSpec } from "@connectrpc/connect";
import type { UniversalHandler, UniversalServerRequest } from "@connectrpc/connect/protocol";
import {
  compressionBrotli,
  compressionGzip,
  universalRequestFromNodeRequest,
  universalResponseToNodeResponse,
} from "@connectrpc/connect-node";
import { addRoutes } from "../../routes.js";
import type { ServerAnswer, ServerRequest } from "../http-servers.js";
import { refusal } from "../refusal.js";
import { parseTarget } from "../request-target.js";
import { answerError } from "../rest/answer.js";

/** What gRPC, gRPC-Web and Connect are served with. */
export interface RpcHandlerOptions {
  readonly services: readonly ServiceImplSpec[];
  /** Types that Connect's JSON may hold in an Any. */
  readonly registry: Registry;
  readonly maxRequestBytes: number;
  /** Aborted when calls in flight are cut. */
  readonly closing: AbortSignal;
}

/** gRPC, gRPC-Web and Connect for some services. */
export interface RpcHandler {
  /** The method that is served at a path, `/{service}/{method}`. */
  methodAt(path: string): DescMethod | undefined;
  /** Answers a request to such a path, and to no other. */
  handle(request: ServerRequest, answer: ServerAnswer, values: ContextValues): void;
}

/**
 * Serves the three RPC protocols with connect-node. Its `connectNodeAdapter` would do the same, and write each
 * client that goes away to the console.
 */
export function createRpcHandler(options: RpcHandlerOptions): RpcHandler {
  const { services, registry, maxRequestBytes, closing } = options;
  const router = createConnectRouter({
    acceptCompression: [compressionGzip, compressionBrotli],
    jsonOptions: { registry },
    readMaxBytes: maxRequestBytes,
    shutdownSignal: closing,
  });
  const handlers = new Map<string, UniversalHandler>();
  for (const handler of addRoutes(router, services).handlers) handlers.set(handler.requestPath, handler);

  const serve = async (handler: UniversalHandler, request: UniversalServerRequest, answer: ServerAnswer) => {
    try {
      await universalResponseToNodeResponse(await handler(request), answer);
    } catch {
      answer.destroy(); // the client is gone, or its request broke off: nobody is left to tell
    }
  };
  return {
    methodAt: (path) => handlers.get(path)?.method,
    handle: (request, answer, values) => {
      const handler = handlers.get(parseTarget(request.url ?? "/").path);
      try {
        const universal = universalRequestFromNodeRequest(request, answer, undefined, values);
        if (handler !== undefined) void serve(handler, universal, answer);
      } catch {
        // connect-node makes a URL of the request's Host and target, and both may be anything.
        answerError(
          answer,
          refusal(400, Code.InvalidArgument, "The request's URL or Host is malformed."),
          registry,
        );
      }
    },
  };
}
