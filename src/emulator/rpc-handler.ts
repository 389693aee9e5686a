// SPDX-License-Identifier: Apache-2.0
import type { DescMethod, DescService, Registry } from "@bufbuild/protobuf";
import { Code, type ContextValues, type ServiceImpl, type ServiceImplSpec } from "@connectrpc/connect";
import { connectNodeAdapter } from "@connectrpc/connect-node";
import type { ServerAnswer, ServerRequest } from "./http-servers.js";
import { refusal } from "./refusal.js";
import { answerError } from "./rest-answer.js";

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
  /** Answers a request to such a path. */
  handle(request: ServerRequest, answer: ServerAnswer, values: ContextValues): void;
}

/** Serves the three RPC protocols with connect-node's adapter. */
export function createRpcHandler(options: RpcHandlerOptions): RpcHandler {
  const { services, registry, maxRequestBytes, closing } = options;
  const methods = new Map<string, DescMethod>();
  for (const { service } of services) {
    for (const method of service.methods) methods.set(`/${service.typeName}/${method.name}`, method);
  }
  const valuesOf = new WeakMap<ServerRequest, ContextValues>();
  const adapter = connectNodeAdapter({
    routes: (router) => {
      for (const { service, methods } of services) {
        const implementation = Object.fromEntries(
          Object.entries(methods).map(([name, { impl }]) => [name, impl]),
        );
        // Connect derives the implementation's type from the service's; of a service known only at run time,
        // it is `undefined`.
        router.service(service, implementation as unknown as Partial<ServiceImpl<DescService>>);
      }
    },
    contextValues: (request) => valuesOf.get(request) as ContextValues,
    jsonOptions: { registry },
    readMaxBytes: maxRequestBytes,
    shutdownSignal: closing,
  });
  return {
    methodAt: (path) => methods.get(path),
    handle: (request, answer, values) => {
      valuesOf.set(request, values);
      try {
        adapter(request, answer);
      } catch {
        // The adapter makes a URL of the request's Host and target, and both may be anything.
        answerError(
          answer,
          refusal(400, Code.InvalidArgument, "The request's URL or Host is malformed."),
          registry,
        );
      }
    },
  };
}
