// SPDX-License-Identifier: Apache-2.0
import { create, type DescMessage, type DescMethod, type MessageInitShape } from "@bufbuild/protobuf";
import type { Transport } from "@connectrpc/connect";
import { toCallError } from "../../errors/call-error.js";
import { toRestCall } from "../../http-rule/transcode.js";
import { operationNameOf } from "../call/method.js";
import { createTransport } from "../call/transport.js";
import { type RestTransportOptions, resolveRestOptions } from "./options.js";
import { createRestProtocol } from "./protocol.js";
import { describeRequest, type RestRequest, toHttpRequest } from "./request.js";

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
   * @throws CallError, `requestSent: false`, where a call would be rejected
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
 * binding) is rejected before any I/O, with `requestSent: false`.
 *
 * @throws TypeError for an option that is unknown or cannot be used; HttpRuleError for a rule that cannot be used
 */
export function createRestTransport(options: RestTransportOptions): RestTransport {
  const resolved = resolveRestOptions(options);
  const { endpoint, defaultTimeoutMs } = resolved;
  const protocol = createRestProtocol(resolved);
  return {
    ...createTransport(protocol, resolved),
    describe: (desc, init) => {
      const method = protocol.methodOf(desc, init);
      const message = create(desc.input, init);
      try {
        const call = toRestCall(method.rule, message, method.json);
        const request = {
          method,
          message,
          header: undefined,
          added: undefined,
          timeoutMs: defaultTimeoutMs ?? Number.POSITIVE_INFINITY,
        };
        return describeRequest(endpoint, toHttpRequest(resolved, call, request));
      } catch (error) {
        const operationName = operationNameOf(method, message);
        throw toCallError(error, { method: method.selector, operationName, requestSent: false });
      }
    },
    close: () => resolved.engine.close(),
    [Symbol.asyncDispose]: () => resolved.engine.close(),
  };
}
