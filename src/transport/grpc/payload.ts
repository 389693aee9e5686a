// SPDX-License-Identifier: Apache-2.0
import type { DescMessage, Message, MessageShape } from "@bufbuild/protobuf";
import { fromBinary, toBinary } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import { CallError } from "../../errors/call-error.js";

/** The request of a call in binary. @throws ConnectError `InvalidArgument` for values that its type cannot hold. */
export function toRequestBytes(desc: DescMessage, message: Message): Uint8Array {
  try {
    return toBinary(desc, message);
  } catch (error) {
    throw new ConnectError(
      `the request is no valid ${desc.typeName}`,
      Code.InvalidArgument,
      undefined,
      undefined,
      error,
    );
  }
}

/** A message of a response. @throws ConnectError `Internal` for bytes that are no such message. */
export function fromResponseBytes<O extends DescMessage>(desc: O, bytes: Uint8Array): MessageShape<O> {
  try {
    return fromBinary(desc, bytes);
  } catch (error) {
    throw new ConnectError(
      `the response is no valid ${desc.typeName}`,
      Code.Internal,
      undefined,
      undefined,
      error,
    );
  }
}

/** The same for each message of a stream, as it comes. */
export async function* fromEachResponse<O extends DescMessage>(
  desc: O,
  messages: AsyncIterable<Uint8Array>,
): AsyncGenerator<MessageShape<O>> {
  for await (const bytes of messages) yield fromResponseBytes(desc, bytes);
}

/** A response that costs more than this side takes. */
export function limitError(message: string): CallError {
  return new CallError({
    code: Code.ResourceExhausted,
    reason: "response-too-large",
    message,
    requestSent: true,
  });
}
