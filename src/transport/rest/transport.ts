// SPDX-License-Identifier: Apache-2.0
import { create, type DescMessage, type DescMethod, type MessageInitShape } from "@bufbuild/protobuf";
import type { Transport } from "@connectrpc/connect";
import { toCallError } from "../../errors/call-error.js";
import { createStream, createUnary } from "./call.js";
import { createMethodLookup } from "./method.js";
import { type RestTransportOptions, resolveRestOptions } from "./options.js";
import { describeRequest, type RestRequest, toRequest } from "./request.js";

export type { Dispatcher } from "../http/dispatcher.js";
export type { TlsOptions } from "../http/engine.js";
export type { Fetch } from "../http/fetch.js";
export type { HttpOptions } from "../http/options.js";
export type { RestTransportOptions, SystemParameters } from "./options.js";
export type { RestRequest } from "./request.js";

/** A Connect transport for REST/JSON. */
export interface RestTransport extends Transport, AsyncDisposable {
  /**
   * The HTTP request that a call would send, without sending it and without running the interceptors.
   *
   * @throws CallError, `requestSent: false`, where a call would be refused
   */
  describe<I extends DescMessage>(
    method: DescMethod & { readonly input: I },
    message: MessageInitShape<I>,
  ): RestRequest;
  /** Takes no more calls, lets those under way end, and closes the connections; so does the end of an `await using` block. */
  close(): Promise<void>;
}

/**
 * Creates a transport that speaks REST/JSON by the `google.api.http` rules of the methods (AIP-127): every unary and
 * server-streaming method of any service that has them, or gets them through `httpRules`.
 *
 * A call fails with a `CallError` and with nothing else. One that cannot be sent (no rule, a request that fits no
 * binding) is refused before any I/O, with `requestSent: false`.
 *
 * @throws CallError `InvalidArgument` when an option cannot be used
 */
export function createRestTransport(options: RestTransportOptions): RestTransport {
  const resolved = resolveRestOptions(options);
  const methodOf = createMethodLookup(resolved);
  return {
    unary: createUnary(resolved, methodOf),
    stream: createStream(resolved, methodOf),
    describe: (desc, init) => {
      const method = methodOf(desc, init);
      const message = create(desc.input, init);
      const { selector, operationNameOf } = method.named;
      try {
        const timeoutMs = resolved.defaultTimeoutMs;
        const parts = { message, json: method.jsonFor(undefined), headers: { header: undefined }, timeoutMs };
        return describeRequest(toRequest(resolved, method, parts));
      } catch (error) {
        const operationName = operationNameOf(message);
        throw toCallError(error, { method: selector, operationName, requestSent: false });
      }
    },
    close: () => resolved.engine.close(),
    [Symbol.asyncDispose]: () => resolved.engine.close(),
  };
}
