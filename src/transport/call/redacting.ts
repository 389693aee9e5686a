// SPDX-License-Identifier: Apache-2.0
import type { DescMessage, MessageShape } from "@bufbuild/protobuf";
import type { StreamRequest, StreamResponse } from "@connectrpc/connect";
import { redactError } from "../../errors/redaction.js";
import { rememberSecrets, sentForms } from "../../errors/sent-secrets.js";
import type { RequestSettings } from "./unary-request.js";

/** Remembers the credentials that a request is about to carry, whoever has set them: an interceptor, the caller, a flag. */
export function rememberSent({ header, added }: Pick<RequestSettings, "header" | "added">): void {
  if (header !== undefined) rememberSecrets(header);
  if (added !== undefined) rememberSecrets(added);
}

/**
 * The error that a request ended with, without what it or an earlier one carried in secret: {@link redactError} for the
 * headers as they were sent. Here because every call passes here.
 */
export function withoutSentSecrets(
  error: unknown,
  { header, added }: Pick<RequestSettings, "header" | "added">,
): unknown {
  return redactError(error, sentForms([...(header ?? []), ...(added ?? [])]));
}

type Next<I extends DescMessage, O extends DescMessage> = (
  request: StreamRequest<I, O>,
) => Promise<StreamResponse<I, O>>;

/** The innermost step of a streaming call, whose errors, those of its messages included, come without secrets. */
export function redacting<I extends DescMessage, O extends DescMessage>(next: Next<I, O>): Next<I, O> {
  return async (request) => {
    rememberSent(request);
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
