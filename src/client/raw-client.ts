// SPDX-License-Identifier: Apache-2.0
import type { DescMessage, DescMethodUnary, MessageInitShape, MessageShape } from "@bufbuild/protobuf";
import type { CallOptions, Client, Transport } from "@connectrpc/connect";
import { Operations } from "../../gen/google/longrunning/operations_pb.js";

/**
 * Creates the client that Connect's `createClient` would. That one brings the runners of streams into a bundle, and every method
 * of Operations is unary.
 */
export function createRawClient(transport: Transport): Client<typeof Operations> {
  const call =
    <I extends DescMessage, O extends DescMessage>(method: DescMethodUnary<I, O>) =>
    async (request: MessageInitShape<I>, options: CallOptions = {}): Promise<MessageShape<O>> => {
      const { signal, timeoutMs, headers, contextValues } = options;
      const response = await transport.unary(method, signal, timeoutMs, headers, request, contextValues);
      options.onHeader?.(response.header);
      options.onTrailer?.(response.trailer);
      return response.message;
    };
  const { method } = Operations;
  return {
    listOperations: call(method.listOperations),
    getOperation: call(method.getOperation),
    deleteOperation: call(method.deleteOperation),
    cancelOperation: call(method.cancelOperation),
    waitOperation: call(method.waitOperation),
  };
}
