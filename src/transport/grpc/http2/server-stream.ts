// SPDX-License-Identifier: Apache-2.0
import type { ClientHttp2Stream } from "node:http2";
import { Code } from "@connectrpc/connect";
import type { StreamResult } from "../../call/protocol.js";
import { toHeaders } from "../metadata.js";
import { responseError } from "./errors.js";
import { createFrameReader, messageOf, toFrame } from "./frame.js";
import {
  bodyErrorOf,
  encodingOf,
  endingErrorOf,
  type ReceivedResponse,
  receiveHead,
  statusHeadersOf,
} from "./response.js";
import type { Exchange } from "./unary.js";

/**
 * Sends the request of a server-streaming call and resolves when its response begins. The messages are read as they
 * are asked for: a slow reader slows the server down. `onEnd` is called once when a call is over whose response has begun.
 */
export async function exchangeServerStream(
  { call, open, maxResponseBytes }: Exchange,
  onEnd: () => void,
): Promise<StreamResult<Uint8Array>> {
  const { abort } = call;
  const { stream, connection } = open;
  const response: ReceivedResponse = {
    head: undefined,
    trailersOnly: false,
    trailers: undefined,
    error: undefined,
  };
  const reader = createFrameReader(maxResponseBytes);
  const trailer = new Headers();
  let begun = false;
  let over = false;

  const finish = () => {
    if (over) return;
    over = true;
    stopListening();
    connection.finish(stream);
    if (begun) onEnd();
  };
  const closed = new Promise<void>((resolve) => {
    stream.once("close", resolve);
  });
  const received = new Promise<Error | undefined>((resolve) => {
    stream.once("response", (head, flags) => resolve(receiveHead(response, head, flags)));
    stream.once("close", () => resolve(undefined));
  });
  stream.once("trailers", (trailers) => {
    response.trailers = trailers;
  });
  stream.on("error", (error) => {
    response.error = error;
  });
  const stopListening = abort.listen(finish);
  if (abort.aborted) finish();
  else stream.end(toFrame(call.message));

  const headError = await received;
  const { head } = response;
  const error = abort.aborted
    ? abort.reason
    : (headError ?? (head === undefined ? endingErrorOf(response, open, call) : undefined));
  if (error !== undefined) {
    finish();
    throw error;
  }
  begun = true;
  void closed.then(finish);

  const framesIn = (chunk: Uint8Array) => {
    try {
      return reader.push(chunk);
    } catch (error) {
      throw bodyErrorOf(response, error);
    }
  };

  async function* messages() {
    try {
      for await (const chunk of chunksOf(stream)) {
        connection.received();
        for (const frame of framesIn(chunk)) {
          yield await messageOf(frame, encodingOf(response), maxResponseBytes);
        }
      }
      // A stream that was reset also emits "end"; its code is known only when it is closed.
      if (statusHeadersOf(response) === undefined) await closed;
    } finally {
      // Reached early when the reader of the messages stops, or finds them broken.
      finish();
    }
    if (abort.aborted) throw abort.reason;
    const ending = endingErrorOf(response, open, call);
    if (ending !== undefined) throw ending;
    if (reader.pendingBytes() > 0) {
      throw responseError(
        Code.Internal,
        "the response ends in the middle of a message",
        head,
        response.trailers,
      );
    }
    for (const [name, value] of toHeaders(response.trailers)) trailer.append(name, value);
  }

  return { header: toHeaders(head), trailer, messages: messages(), cancel: finish };
}

/** The bytes of a stream up to its end, whatever the end was: the stream's own error is read by `endingErrorOf`. */
async function* chunksOf(stream: ClientHttp2Stream): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    yield* stream;
  } catch {
    // Kept by the listener for "error", or known by the stream's reset code.
  }
}
