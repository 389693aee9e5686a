// SPDX-License-Identifier: Apache-2.0
import type { ClientHttp2Stream } from "node:http2";
import { Code } from "@connectrpc/connect";
import type { GrpcStreamAnswer } from "../engine.js";
import { toHeaders } from "../metadata.js";
import { fault, foreignAnswerFault } from "./errors.js";
import { createFrameReader, messageOf, toFrame } from "./frame.js";
import { type Answer, encodingOf, faultOf, statusHeadersOf } from "./response.js";
import type { Exchange } from "./unary.js";

/**
 * Sends the request of a server-streaming call and resolves when its response begins. The messages are read as they
 * are asked for: a slow reader slows the server down.
 */
export async function exchangeServerStream(exchange: Exchange): Promise<GrpcStreamAnswer> {
  const { call, open, maxResponseBytes } = exchange;
  const { abort } = call;
  const { stream } = open;
  const answer: Answer = { head: undefined, trailers: undefined, error: undefined };
  const reader = createFrameReader(maxResponseBytes);
  const trailer = new Headers();

  const cancel = () => open.connection.reset(stream);
  const closed = new Promise<void>((resolve) => {
    stream.once("close", resolve);
  });
  const begun = new Promise<void>((resolve) => {
    stream.once("response", (head) => {
      answer.head = head;
      resolve();
    });
  });
  stream.once("trailers", (trailers) => {
    answer.trailers = trailers;
  });
  stream.on("error", (error) => {
    answer.error = error;
  });
  abort.listen(cancel);
  if (abort.aborted) cancel();
  else stream.end(toFrame(call.message));

  await Promise.race([begun, closed]);
  if (abort.aborted) throw abort.reason;
  const { head } = answer;
  const foreign = head === undefined ? faultOf(answer, open) : foreignAnswerFault(head);
  if (foreign !== undefined) {
    cancel();
    throw foreign;
  }

  async function* messages() {
    try {
      for await (const chunk of chunksOf(stream)) {
        open.connection.received();
        for (const frame of reader.push(chunk)) {
          yield await messageOf(frame, encodingOf(answer), maxResponseBytes);
        }
      }
    } finally {
      // Reached early when the reader of the messages stops, or finds them broken.
      if (statusHeadersOf(answer) === undefined && !stream.readableEnded) cancel();
    }
    // A stream that was reset ends, too: only its code, known when it is closed, tells.
    if (statusHeadersOf(answer) === undefined) await closed;
    if (abort.aborted) throw abort.reason;
    const ending = faultOf(answer, open);
    if (ending !== undefined) throw ending;
    if (reader.pendingBytes > 0) {
      throw fault(Code.Internal, "the answer ends in the middle of a message", head, answer.trailers);
    }
    for (const [name, value] of toHeaders(answer.trailers)) trailer.append(name, value);
  }

  return { header: toHeaders(head), trailer, messages: messages(), cancel };
}

/** The bytes of a stream up to its end, whatever the end was: the stream's own error is looked at by `faultOf`. */
async function* chunksOf(stream: ClientHttp2Stream): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    yield* stream;
  } catch {
    // Kept by the listener for "error", or told by the stream's reset code.
  }
}
