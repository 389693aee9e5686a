// SPDX-License-Identifier: Apache-2.0
import { Code } from "@connectrpc/connect";
import type { CallError } from "../../../errors/call-error.js";
import type { UnaryResult } from "../../call/protocol.js";
import type { GrpcCall } from "../engine.js";
import type { OpenStream } from "./connection.js";
import { responseError } from "./errors.js";
import {
  createFrameReader,
  type Frame,
  type FrameReader,
  messageOf,
  toFrame,
  wholeFrameIn,
} from "./frame.js";
import {
  bodyErrorOf,
  encodingOf,
  endingErrorOf,
  type ReceivedResponse,
  receiveHead,
  statusHeadersOf,
  toUnaryResult,
} from "./response.js";

/** A call, and the stream that it runs on. */
export interface Exchange {
  readonly call: GrpcCall;
  readonly open: OpenStream;
  readonly maxResponseBytes: number;
}

/**
 * Sends the request of a unary call and reads its response. Whatever ends the exchange early resets the stream with
 * CANCEL, so that the server can stop too.
 *
 * Written with events rather than async iteration: it is what every call of this library runs through, and half of
 * the cost of a call would be promises.
 */
export function exchangeUnary(exchange: Exchange): Promise<UnaryResult<Uint8Array>> {
  return new Promise((resolve, reject) => {
    new UnaryExchange().start(exchange, resolve, reject);
  });
}

/** An exchange that is not over. */
interface UnaryState {
  readonly exchange: Exchange;
  readonly response: ReceivedResponse;
  /** Made for a response that comes in pieces. */
  reader: FrameReader | undefined;
  readonly frames: Frame[];
  stopListening: (() => void) | undefined;
  resolve(response: UnaryResult<Uint8Array>): void;
  reject(reason: unknown): void;
}

/**
 * A class, to let go of everything at once when it is over: Node makes accessors for each stream
 * (`AsyncResource.bind`), which keep it, its listeners and all that those refer to until the next full collection. So
 * the listeners refer to `this` alone.
 */
class UnaryExchange {
  #state: UnaryState | undefined;

  start(exchange: Exchange, resolve: UnaryState["resolve"], reject: UnaryState["reject"]): void {
    const { call, open } = exchange;
    const { stream } = open;
    const response = { head: undefined, trailersOnly: false, trailers: undefined, error: undefined };
    const state: UnaryState = {
      exchange,
      response,
      reader: undefined,
      frames: [],
      stopListening: undefined,
      resolve,
      reject,
    };
    this.#state = state;
    stream.on("response", (head, flags) => {
      if (this.#state === undefined) return;
      const error = receiveHead(this.#state.response, head, flags);
      if (error !== undefined) this.#fail(error);
    });
    stream.on("trailers", (trailers) => {
      if (this.#state !== undefined) this.#state.response.trailers = trailers;
    });
    stream.on("data", (chunk: Uint8Array) => this.#onData(chunk));
    stream.on("end", () => {
      // A stream that was reset also emits "end"; its code is known at "close". A status that arrived is enough.
      if (this.#state !== undefined && statusHeadersOf(this.#state.response) !== undefined) this.#finish();
    });
    stream.on("error", (error: Error) => {
      if (this.#state !== undefined) this.#state.response.error = error;
    });
    stream.on("close", () => this.#finish());
    if (call.abort.aborted) {
      this.#fail(call.abort.reason);
      return;
    }
    state.stopListening = call.abort.listen(() => this.#fail(this.#state?.exchange.call.abort.reason));
    stream.end(toFrame(call.message));
  }

  #onData(chunk: Uint8Array): void {
    if (this.#state === undefined) return;
    const { exchange, response, frames, reader } = this.#state;
    const { open, maxResponseBytes } = exchange;
    open.connection.received();
    try {
      const whole = reader === undefined ? wholeFrameIn(chunk, maxResponseBytes) : undefined;
      if (whole === undefined) {
        this.#state.reader ??= createFrameReader(maxResponseBytes);
        frames.push(...this.#state.reader.push(chunk));
      } else frames.push(whole);
      if (frames.length > 1) this.#fail(messageError(response, frames, 0));
    } catch (error) {
      this.#fail(bodyErrorOf(response, error));
    }
  }

  #finish(): void {
    if (this.#state === undefined) return;
    const { exchange, response, frames, reader, resolve, reject } = this.#state;
    const error = endingErrorOf(response, exchange.open, exchange.call);
    const pendingBytes = reader?.pendingBytes() ?? 0;
    const [frame] = frames;
    if (error !== undefined || frame === undefined || frames.length > 1 || pendingBytes > 0) {
      this.#fail(error ?? messageError(response, frames, pendingBytes));
      return;
    }
    this.#settle();
    if (frame.compressed) {
      messageOf(frame, encodingOf(response), exchange.maxResponseBytes).then(
        (message) => resolve(toUnaryResult(response, message)),
        reject,
      );
    } else resolve(toUnaryResult(response, frame.bytes));
  }

  #fail(reason: unknown): void {
    const reject = this.#state?.reject;
    this.#settle();
    reject?.(reason);
  }

  #settle(): void {
    if (this.#state === undefined) return;
    const { exchange, stopListening } = this.#state;
    this.#state = undefined;
    stopListening?.();
    exchange.open.connection.finish(exchange.open.stream);
  }
}

/** What is wrong with a response whose status is OK and which is not one message. Codes as gRPC's libraries agree on them. */
function messageError(
  { head, trailers }: ReceivedResponse,
  frames: readonly Frame[],
  pendingBytes: number,
): CallError {
  if (pendingBytes > 0) {
    return responseError(Code.Internal, "the response ends in the middle of a message", head, trailers);
  }
  const count = frames.length === 0 ? "no message" : "more than one message";
  return responseError(Code.Unimplemented, `the response has ${count}; expected one`, head, trailers);
}
