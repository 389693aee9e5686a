// SPDX-License-Identifier: Apache-2.0
import type { Interceptor } from "@connectrpc/connect";
import type { ClosableTransport } from "./api-transport.js";

/** A gRPC transport that is loaded with the first call: programs that call over REST do without its code. */
export function createGrpcApiTransport(options: {
  readonly baseUrl: string;
  readonly interceptors: Interceptor[];
}): ClosableTransport {
  let loading: Promise<ClosableTransport> | undefined;
  const load = () => {
    loading ??= import("#grpc-transport").then(({ createGrpcTransport }) => createGrpcTransport(options));
    return loading;
  };
  return {
    unary: async (...call) => (await load()).unary(...call),
    stream: async (...call) => (await load()).stream(...call),
    close: async () => {
      await (await loading)?.close();
    },
  };
}
