// SPDX-License-Identifier: Apache-2.0
import { Code } from "@connectrpc/connect";
import type { CallError } from "../../../errors/call-error.js";
import type { GrpcAnswer, GrpcCall } from "../engine.js";
import { fault, foreignAnswerFault, type ResponseHead } from "./errors.js";
import {
  createFrameReader,
  type Frame,
  type FrameReader,
  messageOf,
  toFrame,
  wholeFrameIn,
} from "./frame.js";
import { type Answer, encodingOf, faultOf, statusHeadersOf, toGrpcAnswer } from "./response.js";
import type { OpenStream } from "./session.js";

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
  return new Promise((resolve, reject) => {
    new UnaryExchange({
      exchange,
      answer: { head: undefined, trailers: undefined, error: undefined },
      reader: undefined,
      frames: [],
      stopListening: undefined,
      resolve,
      reject,
    }).start();
  });
}

/** An exchange that is not over. */
interface Running {
  readonly exchange: Exchange;
  readonly answer: Answer;
  /** Made for an answer that comes in pieces. */
  reader: FrameReader | undefined;
  readonly frames: Frame[];
  stopListening: (() => void) | undefined;
  resolve(answer: GrpcAnswer): void;
  reject(reason: unknown): void;
}

/**
 * A class, to let go of everything at once when it is over: Node makes accessors for each stream
 * (`AsyncResource.bind`), which keep it, its listeners and all that those refer to until the next full collection. So
 * the listeners refer to `this` alone.
 */
class UnaryExchange {
  #running: Running | undefined;

  constructor(running: Running) {
    this.#running = running;
  }

  start(): void {
    if (this.#running === undefined) return;
    const { call, open } = this.#running.exchange;
    const { stream } = open;
    stream.on("response", (head) => this.#onHead(head));
    stream.on("trailers", (trailers) => {
      if (this.#running !== undefined) this.#running.answer.trailers = trailers;
    });
    stream.on("data", (chunk: Uint8Array) => this.#onData(chunk));
    stream.on("end", () => {
      // A stream that was reset ends, too: only its code, known at "close", tells. A status that arrived is enough.
      if (this.#running !== undefined && statusHeadersOf(this.#running.answer) !== undefined) this.#finish();
    });
    stream.on("error", (error: Error) => {
      if (this.#running !== undefined) this.#running.answer.error = error;
    });
    stream.on("close", () => this.#finish());
    if (call.abort.aborted) {
      this.#fail(call.abort.reason);
      return;
    }
    this.#running.stopListening = call.abort.listen(() =>
      this.#fail(this.#running?.exchange.call.abort.reason),
    );
    stream.end(toFrame(call.message));
  }

  #onHead(head: ResponseHead): void {
    if (this.#running === undefined) return;
    this.#running.answer.head = head;
    const foreign = foreignAnswerFault(head);
    if (foreign !== undefined) this.#fail(foreign);
  }

  #onData(chunk: Uint8Array): void {
    if (this.#running === undefined) return;
    const { exchange, answer, frames, reader } = this.#running;
    const { open, maxResponseBytes } = exchange;
    open.connection.received();
    try {
      const whole = reader === undefined ? wholeFrameIn(chunk, maxResponseBytes) : undefined;
      if (whole === undefined) {
        this.#running.reader ??= createFrameReader(maxResponseBytes);
        frames.push(...this.#running.reader.push(chunk));
      } else frames.push(whole);
      if (frames.length > 1) this.#fail(messageFault(answer, frames, 0));
    } catch (error) {
      this.#fail(error);
    }
  }

  #finish(): void {
    if (this.#running === undefined) return;
    const { exchange, answer, frames, reader, resolve, reject } = this.#running;
    const wrong = faultOf(answer, exchange.open) ?? messageFault(answer, frames, reader?.pendingBytes ?? 0);
    const [frame] = frames;
    if (wrong !== undefined || frame === undefined) {
      this.#fail(wrong);
      return;
    }
    this.#settle();
    const answered = (message: Uint8Array) => resolve(toGrpcAnswer(answer, message));
    if (!frame.compressed) answered(frame.bytes);
    else messageOf(frame, encodingOf(answer), exchange.maxResponseBytes).then(answered, reject);
  }

  #fail(reason: unknown): void {
    if (this.#running === undefined) return;
    const { exchange, reject } = this.#running;
    this.#settle();
    const { stream, connection } = exchange.open;
    connection.reset(stream);
    reject(reason);
  }

  #settle(): void {
    this.#running?.stopListening?.();
    this.#running = undefined;
  }
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
