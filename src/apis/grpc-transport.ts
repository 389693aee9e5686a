// SPDX-License-Identifier: Apache-2.0
import type { Interceptor } from "@connectrpc/connect";
import { invalidOption } from "../errors/options.js";
import { parseBaseUrl } from "../transport/endpoint.js";
import { checkConnectionOptions } from "../transport/http/connection-options.js";
import type { HttpOptions } from "../transport/http/options.js";
import { toConnectionOptions } from "../transport/http/tls.js";
import type { ClosableTransport } from "./api-transport.js";

/** Inputs of an API's gRPC transport. */
export interface GrpcApiOptions extends HttpOptions {
  readonly baseUrl: string;
  readonly interceptors: Interceptor[];
  readonly allowInsecure: boolean | undefined;
}

/**
 * A gRPC transport whose code is loaded on the first call, so that programs that use REST do not load it.
 *
 * @throws TypeError for an option that is invalid or only applies to REST.
 */
export function createGrpcApiTransport({
  tls,
  proxy,
  maxSockets,
  dispatcher,
  fetch,
  ...options
}: GrpcApiOptions): ClosableTransport {
  const ofRest = Object.entries({ maxSockets, dispatcher, fetch }).find(([, value]) => value !== undefined);
  if (ofRest !== undefined) {
    throw invalidOption(
      `${ofRest[0]}: given beside protocol "grpc", which has one HTTP/2 connection of its own (expected protocol "rest")`,
    );
  }
  const endpoint = parseBaseUrl(options.baseUrl, { allowInsecure: options.allowInsecure });
  checkConnectionOptions({ tls, proxy }, endpoint);
  if (endpoint.prefix !== "") {
    throw invalidOption(`baseUrl: has the path ${endpoint.prefix} (expected none, since gRPC has its own)`);
  }
  let loading: Promise<ClosableTransport> | undefined;
  const load = () => {
    loading ??= import("#grpc-transport").then(({ createGrpcTransport }) =>
      createGrpcTransport({ ...options, tls: tls && toConnectionOptions(tls), proxy }),
    );
    return loading;
  };
  return {
    unary: async (...call) => (await load()).unary(...call),
    stream: async (...call) => (await load()).stream(...call),
    close: async () => {
      const loaded = await loading?.catch(() => undefined); // If loading failed, there is nothing to close.
      await loaded?.close();
    },
  };
}
