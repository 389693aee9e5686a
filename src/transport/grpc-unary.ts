// SPDX-License-Identifier: Apache-2.0
import { constants } from "node:http2";
import { Code } from "@connectrpc/connect";
import type { CallError } from "../codec/call-error.js";
import { type Answer, encodingOf, faultOf, statusHeadersOf, toGrpcAnswer } from "./grpc-answer.js";
import type { GrpcAnswer, GrpcCall } from "./grpc-call.js";
import { fault, foreignAnswerFault } from "./grpc-fault.js";
import {
  createFrameReader,
  type Frame,
  type FrameReader,
  messageOf,
  toFrame,
  wholeFrameIn,
} from "./grpc-frame.js";
import type { OpenStream } from "./grpc-session.js";

/** A stream, and what to do with it. */
export interface Exchange {
  readonly call: GrpcCall;
  readonly open: OpenStream;
  readonly maxResponseBytes: number;
}

/**
 * Sends the request of a unary call and reads its answer. Whatever ends the exchange early resets the stream with
 * CANCEL, so that the server can stop too.
 *
 * Written with events rather than async iteration: it is what every call of this library runs through, and half of
 * the cost of a call would be promises.
 */
export function exchangeUnary(exchange: Exchange): Promise<GrpcAnswer> {
  const { call, open, maxResponseBytes } = exchange;
  const { end } = call;
  const { stream } = open;
  return new Promise((resolve, reject) => {
    const answer: Answer = { head: undefined, trailers: undefined, error: undefined };
    let reader: FrameReader | undefined;
    const frames: Frame[] = [];
    let over = false;

    const settled = () => {
      over = true;
      end.off(onEnd);
    };
    const fail = (reason: unknown) => {
      if (over) return;
      settled();
      if (!stream.closed) stream.close(constants.NGHTTP2_CANCEL);
      reject(reason);
    };
    const onEnd = () => fail(end.reason);

    const finish = () => {
      if (over) return;
      const wrong = faultOf(answer, open) ?? messageFault(answer, frames, reader?.pendingBytes ?? 0);
      const [frame] = frames;
      if (wrong !== undefined || frame === undefined) {
        fail(wrong);
        return;
      }
      settled();
      const answered = (message: Uint8Array) => resolve(toGrpcAnswer(answer, message));
      if (!frame.compressed) answered(frame.bytes);
      else messageOf(frame, encodingOf(answer), maxResponseBytes).then(answered, reject);
    };

    stream.on("response", (head) => {
      answer.head = head;
      const foreign = foreignAnswerFault(head);
      if (foreign !== undefined) fail(foreign);
    });
    stream.on("trailers", (trailers) => {
      answer.trailers = trailers;
    });
    stream.on("data", (chunk: Uint8Array) => {
      if (over) return;
      open.connection.received();
      try {
        const whole = reader === undefined ? wholeFrameIn(chunk, maxResponseBytes) : undefined;
        if (whole === undefined) {
          reader ??= createFrameReader(maxResponseBytes);
          frames.push(...reader.push(chunk));
        } else frames.push(whole);
        if (frames.length > 1) fail(messageFault(answer, frames, 0));
      } catch (error) {
        fail(error);
      }
    });
    stream.on("end", () => {
      // A stream that was reset ends, too: only its code, known at "close", tells. A status that arrived is enough.
      if (statusHeadersOf(answer) !== undefined) finish();
    });
    stream.on("error", (error: Error) => {
      answer.error = error;
    });
    stream.on("close", finish);

    if (end.ended) {
      onEnd();
      return;
    }
    end.on(onEnd);
    stream.end(toFrame(call.message));
  });
}

/** What is wrong with the messages of an answer whose status is OK. Codes as gRPC's libraries agree on them. */
function messageFault(
  { head, trailers }: Answer,
  frames: readonly Frame[],
  pendingBytes: number,
): CallError | undefined {
  if (pendingBytes > 0) {
    return fault(Code.Internal, "the answer ends in the middle of a message", head, trailers);
  }
  if (frames.length === 1) return undefined;
  const count = frames.length === 0 ? "no message" : "more than one message";
  return fault(Code.Unimplemented, `the answer has ${count}; expected one`, head, trailers);
}
