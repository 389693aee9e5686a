// SPDX-License-Identifier: Apache-2.0
import type { Dispatcher } from "undici";
import type { Abort } from "../../abort.js";
import { fromEngineError } from "../errors.js";
import type { HttpBytes, HttpRequest, HttpResponse } from "../http-client.js";
import { decompressed } from "./decompress.js";

/** What undici hands over as headers: lower-case names, lists for those that came more than once. */
type ReceivedHeaders = Record<string, string | string[] | undefined>;

/** Bytes that wait unread before the connection is asked to pause. */
const UNREAD_BYTES = 64 * 1024;

/**
 * One request and its answer on an undici dispatcher: undici calls the `on…` methods, the transport reads. The
 * answer's bytes are kept until they are asked for; a reader who is slow pauses the connection.
 */
export class Exchange implements Dispatcher.DispatchHandler, HttpResponse {
  /** Resolves when the headers are here: to this object, or to what undoes its compression. */
  readonly response: Promise<HttpResponse>;
  status = 0;

  #received: ReceivedHeaders = {};
  /** Whether the request went on the wire. Until then an abort leaves no trace. */
  #sent = false;
  #headers: Headers | undefined;
  #resolve: (response: HttpResponse) => void = () => undefined;
  #reject: (reason: unknown) => void = () => undefined;
  #controller: Dispatcher.DispatchController | undefined;
  #chunks: Uint8Array[] = [];
  #unread = 0;
  #limit = UNREAD_BYTES;
  #state: "open" | "complete" | "failed" = "open";
  #reason: unknown;
  #wake: (() => void) | undefined;

  readonly #origin: string;
  readonly #stopListening: () => void;

  /** `onSent` runs once: when the request goes on the wire, or when it ends without having been there. */
  constructor(
    { origin }: HttpRequest,
    abort: Abort,
    private readonly onSent: () => void,
  ) {
    this.#origin = origin;
    this.response = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    this.#stopListening = abort.listen(() => this.#end(abort.reason));
  }

  /** Built when first looked at: most calls never do. */
  get headers(): Headers {
    this.#headers ??= toHeaders(this.#received);
    return this.#headers;
  }

  async bytes(maxBytes: number): Promise<HttpBytes> {
    this.#limit = maxBytes;
    this.#controller?.resume();
    while (this.#state === "open" && this.#unread <= maxBytes) await this.#change();
    const complete = this.#unread <= maxBytes;
    if (complete && this.#state === "failed") throw this.#reason;
    if (!complete) this.#end(new Error(`more than ${maxBytes} bytes`));
    const chunks = this.#take();
    const content = (chunks.length === 1 && chunks[0]) || Buffer.concat(chunks);
    return { content: complete ? content : content.subarray(0, maxBytes), complete };
  }

  async *chunks(): AsyncGenerator<Uint8Array> {
    try {
      while (true) {
        yield* this.#take();
        if (this.#unread > 0) continue;
        if (this.#state === "failed") throw this.#reason;
        if (this.#state === "complete") return;
        this.#controller?.resume();
        await this.#change();
      }
    } finally {
      if (this.#state === "open") this.#end(new Error("the reader stopped"));
    }
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#state === "failed") {
      controller.abort(new Error("given up before it was sent"));
      return;
    }
    this.#sent = true;
    this.onSent();
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: ReceivedHeaders,
  ): void {
    if (status < 200) return; // informational; the answer follows
    this.status = status;
    this.#received = headers;
    const coding = headers["content-encoding"];
    this.#resolve(coding === undefined ? this : decompressed(this, String(coding)));
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Uint8Array): void {
    this.#chunks.push(chunk);
    this.#unread += chunk.byteLength;
    if (this.#unread > this.#limit) controller.pause();
    this.#wake?.();
  }

  onResponseEnd(): void {
    this.#finish("complete");
  }

  onResponseError(_controller: unknown, error: Error): void {
    if (this.#state !== "open") return;
    this.#reason = fromEngineError(error, this.#origin, this.#sent);
    this.#finish("failed");
  }

  /** Gives up at whatever stage: the reader hears `reason` at once, the connection is dropped. */
  #end(reason: unknown): void {
    if (this.#state !== "open") return;
    this.#reason = reason;
    this.#finish("failed");
    this.#controller?.abort(new Error("given up"));
  }

  #finish(state: "complete" | "failed"): void {
    this.#state = state;
    this.#stopListening();
    if (!this.#sent) this.onSent();
    if (state === "failed") this.#reject(this.#reason);
    this.#wake?.();
  }

  #take(): Uint8Array[] {
    const chunks = this.#chunks;
    this.#chunks = [];
    this.#unread = 0;
    return chunks;
  }

  #change(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }
}

/** Header values that HTTP forbids are left out: a server's mistake in one header must not cost the answer. */
function toHeaders(received: ReceivedHeaders): Headers {
  const headers = new Headers();
  for (const name in received) {
    for (const value of [received[name] ?? []].flat()) {
      try {
        headers.append(name, value);
      } catch {
        // Not a legal header name or value: nothing that a caller could ask for.
      }
    }
  }
  return headers;
}
