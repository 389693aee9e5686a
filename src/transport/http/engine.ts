// SPDX-License-Identifier: Apache-2.0
import type { Abort } from "../call/abort.js";
import type { Progress } from "../call/protocol.js";
import type { Endpoint } from "../endpoint.js";
import type { ProxyOption } from "./proxy-environment.js";

/** One HTTP request, ready to go. Nothing in it is rewritten, resolved or normalised on the way. */
export interface HttpRequest {
  /** In upper case as the wire has it: `GET`, `PATCH`. */
  readonly method: string;
  /** Path and query exactly as they go on the request line, percent-encoded. */
  readonly path: string;
  /** Names in lower case, without `host`, `content-length` and `transfer-encoding`: those are the engine's. */
  readonly headers: ReadonlyMap<string, string>;
  /** The whole body, sent with its `content-length`. `undefined`: none; POST, PUT and PATCH say `content-length: 0`. */
  readonly body: string | Uint8Array | undefined;
  /** Whether a server that got it twice would do no harm: see {@link HttpEngine.send}. */
  readonly idempotent: boolean;
}

/** What {@link HttpResponse.bytes} read. */
export interface HttpBytes {
  /** The body, or as much of it as was asked for. */
  readonly content: Uint8Array;
  /** Whether that is all of it. */
  readonly complete: boolean;
}

/** A response, as soon as its headers are here. Its body is read once, by `bytes` or by `chunks`, both decompressed. */
export interface HttpResponse {
  /** A redirect is a response like any other. In a browser, which hides them, it is 302. */
  readonly status: number;
  readonly headers: Headers;
  /**
   * Reads the body, but no more than `maxBytes` of it, and drops the connection when there is more. It holds about twice
   * the bytes at most, in however many pieces they come.
   *
   * @throws HttpError for more than a quarter of a million pieces
   */
  bytes(maxBytes: number): Promise<HttpBytes>;
  /**
   * The body as it arrives. A reader that is slow pauses the connection, and one that stops early drops it.
   *
   * @param maxPieces - more pieces than these are an error, for a body that is read as a whole; by default a stream may
   * have any number of them
   */
  chunks(maxPieces?: number): AsyncIterable<Uint8Array>;
}

/** What sends the requests of one REST transport to its one server. */
export interface HttpEngine {
  /** Whether the engine connects names of this machine to a loopback address, whatever DNS says. */
  readonly resolvesLoopback: boolean;
  /**
   * Sends a request and resolves when the response's headers are here. `abort` ends it at whatever stage it is in: this
   * promise, or the reading of the body, then rejects with its reason; with an `HttpError` otherwise. An engine may send
   * an idempotent request once more when a kept connection breaks before any byte of a response. It sets `progress` once
   * some of the request may have reached the server, before it reports how the request ended.
   */
  send(request: HttpRequest, abort: Abort, progress: Progress): Promise<HttpResponse>;
  /** Takes no more requests, lets those under way end, and closes the connections. */
  close(): Promise<void>;
}

/** TLS settings; PEM text or bytes. */
export interface TlsOptions {
  /** Certificate authorities to trust. @default Node's own list */
  readonly ca?: string | Uint8Array | readonly (string | Uint8Array)[] | undefined;
  /** The client's certificate chain, for mutual TLS. @default none */
  readonly cert?: string | Uint8Array | undefined;
  /** The private key of `cert`. @default none */
  readonly key?: string | Uint8Array | undefined;
  /** The passphrase of `key`. @default none */
  readonly passphrase?: string | undefined;
  /** The name to ask for and to check, where it is not the host of the base URL. @default the host of the base URL */
  readonly servername?: string | undefined;
}

/** What the platform's own engine is made with. Where the platform owns connections, as a browser does, only the endpoint. */
export interface EngineOptions {
  readonly endpoint: Endpoint;
  readonly tls?: TlsOptions | undefined;
  readonly proxy?: ProxyOption;
  readonly maxSockets?: number | undefined;
}

/** The methods whose requests say that they have no body. */
export const SAYS_LENGTH: ReadonlySet<string> = new Set(["POST", "PUT", "PATCH"]);
