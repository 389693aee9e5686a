// SPDX-License-Identifier: Apache-2.0
import type { DescMessage, MessageShape } from "@bufbuild/protobuf";
import type { StreamRequest, StreamResponse } from "@connectrpc/connect";
import { formsOf, redactError, secretsInHeaders } from "../../errors/redaction.js";
import type { RequestSettings } from "./unary-request.js";

/**
 * The error that a request ended with, without what the request carried in secret: {@link redactError} for the headers
 * as they were sent. Here because every call passes here, whoever has set the header: an interceptor, the caller, a flag.
 */
export function withoutSentSecrets(
  error: unknown,
  { header, added }: Pick<RequestSettings, "header" | "added">,
): unknown {
  return redactError(error, formsOf(secretsInHeaders([...(header ?? []), ...(added ?? [])])));
}

type Next<I extends DescMessage, O extends DescMessage> = (
  request: StreamRequest<I, O>,
) => Promise<StreamResponse<I, O>>;

/** The innermost step of a streaming call, whose errors, those of its messages included, come without secrets. */
export function redacting<I extends DescMessage, O extends DescMessage>(next: Next<I, O>): Next<I, O> {
  return async (request) => {
    try {
      const response = await next(request);
      return { ...response, message: redactedMessages(response.message, request) };
    } catch (error) {
      throw withoutSentSecrets(error, request);
    }
  };
}

async function* redactedMessages<O extends DescMessage>(
  messages: AsyncIterable<MessageShape<O>>,
  request: { readonly header: Headers },
): AsyncGenerator<MessageShape<O>, void, undefined> {
  try {
    for await (const message of messages) yield message;
  } catch (error) {
    throw withoutSentSecrets(error, request);
  }
}
