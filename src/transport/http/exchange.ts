// SPDX-License-Identifier: Apache-2.0
import { MAX_PIECES } from "../../budgets/budgets.js";
import { createByteBuffer } from "../../json/stream/byte-buffer.js";
import type { Abort } from "../call/abort.js";
import { piecesError } from "./body.js";
import { decompressed } from "./decompress.js";
import type { HttpBytes, HttpResponse } from "./engine.js";

/** Bytes that wait unread before the connection is asked to pause. */
const MAX_UNREAD_BYTES = 64 * 1024;

/** What an exchange does to the connection that it runs on. */
export interface ExchangeControl {
  pause(): void;
  resume(): void;
  /** Drops the connection. */
  destroy(): void;
}

/** The head of a response. */
export interface ResponseHead {
  readonly status: number;
  /** The value of `content-encoding`. */
  readonly coding: string | undefined;
  /** Called when somebody first asks for them: most calls never do. */
  headers(): Headers;
}

/**
 * One request and its response on an engine whose connection pushes: the engine calls `attach`, `respond`, `push`,
 * `complete` and `fail` with what happens, the transport reads. An abort ends it at whatever stage it is in.
 */
export class Exchange implements HttpResponse {
  /** Resolves when the headers are here: to this object, or to what undoes its compression. */
  readonly response: Promise<HttpResponse>;

  /** Of the response, 0 before it is there. */
  status = 0;
  /** `complete` and `failed` are final. */
  state: "open" | "complete" | "failed" = "open";
  #reason: unknown;
  #head: ResponseHead | undefined;
  #headers: Headers | undefined;
  #control: ExchangeControl | undefined;
  /** Whether the connection was asked to pause. */
  #isPaused = false;
  #limit = MAX_UNREAD_BYTES;
  #pieces = 0;
  #maxPieces = Number.POSITIVE_INFINITY;
  #wake: (() => void) | undefined;
  #resolve: (response: HttpResponse) => void = () => undefined;
  #reject: (reason: unknown) => void = () => undefined;
  readonly #unread = createByteBuffer();
  readonly #stopListening: () => void;
  readonly #onEnd: () => void;

  /** `onEnd` is called once: when the response is complete, or with its error. */
  constructor(abort: Abort, onEnd: () => void) {
    this.#onEnd = onEnd;
    this.response = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    this.#stopListening = abort.listen(() => this.fail(abort.reason));
  }

  get headers(): Headers {
    this.#headers ??= this.#head?.headers() ?? new Headers();
    return this.#headers;
  }

  async bytes(maxBytes: number): Promise<HttpBytes> {
    this.#limit = maxBytes;
    this.#maxPieces = MAX_PIECES;
    if (this.#isPaused) this.#resume();
    while (this.state === "open" && this.#unread.size <= maxBytes) await this.#change();
    if (this.#unread.size > maxBytes) this.fail(new Error(`more than ${maxBytes} bytes`));
    else if (this.state === "failed") throw this.#reason;
    return { complete: this.#unread.size <= maxBytes, content: this.#unread.take(maxBytes) };
  }

  async *chunks(maxPieces = Number.POSITIVE_INFINITY): AsyncGenerator<Uint8Array> {
    this.#maxPieces = maxPieces;
    try {
      while (true) {
        if (this.#unread.size > 0) yield this.#unread.take();
        else if (this.state === "failed") throw this.#reason;
        else if (this.state === "complete") return;
        else {
          if (this.#isPaused) this.#resume();
          await this.#change();
        }
      }
    } finally {
      this.fail(new Error("the reader stopped"));
    }
  }

  /** The request runs on this connection from now on. */
  attach(control: ExchangeControl): void {
    this.#control = control;
    this.#isPaused = false;
    if (this.state !== "open") control.destroy();
  }

  respond(head: ResponseHead): void {
    this.#head = head;
    this.status = head.status;
    this.#resolve(head.coding === undefined ? this : decompressed(this, head.coding));
  }

  push(chunk: Uint8Array): void {
    if (++this.#pieces > this.#maxPieces) this.fail(piecesError());
    this.#unread.add(chunk);
    if (this.#unread.size > this.#limit && !this.#isPaused) {
      this.#isPaused = true;
      this.#control?.pause();
    }
    this.#wake?.();
  }

  complete(): void {
    this.#end("complete");
  }

  /** Gives up at whatever stage: the reader gets `reason` at once, the connection is dropped. */
  fail(reason: unknown): void {
    if (this.state !== "open") return;
    this.#reason = reason;
    this.#end("failed");
    this.#reject(reason);
    this.#control?.destroy();
  }

  #end(state: "complete" | "failed"): void {
    if (this.state !== "open") return;
    this.state = state;
    this.#stopListening();
    this.#onEnd();
    this.#wake?.();
  }

  #resume(): void {
    this.#isPaused = false;
    this.#control?.resume();
  }

  #change(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }
}
