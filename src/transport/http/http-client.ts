// SPDX-License-Identifier: Apache-2.0
import type { Abort } from "../abort.js";

/** One HTTP request, ready to go. Nothing in it is rewritten, resolved or normalised on the way. */
export interface HttpRequest {
  /** In upper case as the wire has it: `GET`, `PATCH`. */
  readonly method: string;
  /** Scheme, host and port: `https://example.com`. */
  readonly origin: string;
  /** Path and query exactly as they go on the request line, percent-encoded. */
  readonly path: string;
  /** Without `host`, `content-length` and `transfer-encoding`: those are the engine's. */
  readonly headers: Headers;
  /**
   * The whole body; it goes out with `content-length`, never in chunks. `undefined`: no body and no body bytes; POST,
   * PUT and PATCH say so with `content-length: 0`.
   */
  readonly body: string | Uint8Array | undefined;
}

/** What {@link HttpResponse.bytes} read. */
export interface HttpBytes {
  /** The body, or as much of it as was asked for. */
  readonly content: Uint8Array;
  /** Whether that is all of it. */
  readonly complete: boolean;
}

/**
 * The answer, as soon as its headers are here. The body is read once, by `bytes` or by `chunks`; both give it
 * decompressed.
 */
export interface HttpResponse {
  /** A redirect is an answer like any other. In a browser, which hides them, it is 302. */
  readonly status: number;
  readonly headers: Headers;
  /** Reads the body, but no more than `maxBytes` of it, and drops the connection when there is more. */
  bytes(maxBytes: number): Promise<HttpBytes>;
  /** The body as it arrives. A reader that stops early drops the connection. */
  chunks(): AsyncIterable<Uint8Array>;
}

/**
 * What sends a request for the REST transport. An own implementation (to record traffic, say) must follow no redirect and
 * must reject with the reason of the abort once that has happened. Otherwise it may reject with anything: an
 * {@link HttpFailure}, or an error of the platform's, of which a lost connection is recognised.
 */
export interface HttpClient {
  /**
   * Sends a request and resolves when the answer's headers are here. `abort` ends it at whatever stage it is in: this
   * promise, or the reading of the body, then rejects with its reason.
   */
  send(request: HttpRequest, abort: Abort): Promise<HttpResponse>;
  /** Takes no more requests, lets those under way end, and closes the connections. */
  close(): Promise<void>;
}

/** TLS settings; PEM text or bytes. They have no effect where the platform owns TLS, as a browser does. */
export interface TlsOptions {
  /** Certificate authorities to trust instead of the system's. */
  readonly ca?: string | Uint8Array | readonly (string | Uint8Array)[] | undefined;
  /** The client's certificate chain, for mutual TLS. */
  readonly cert?: string | Uint8Array | undefined;
  /** The private key of `cert`. */
  readonly key?: string | Uint8Array | undefined;
  /** The passphrase of `key`. */
  readonly passphrase?: string | undefined;
  /** The name to ask for and to check, where it is not the host of the base URL. */
  readonly servername?: string | undefined;
}

/** Options of `createHttpClient`. */
export interface HttpClientOptions {
  /** Certificates and keys. @default the platform's */
  readonly tls?: TlsOptions | undefined;
  /** Connections to one origin at most; further requests wait for one. @default 256 */
  readonly maxConnections?: number | undefined;
  /** How long an idle connection is kept, in milliseconds, unless the server says otherwise. @default 60000 */
  readonly keepAliveMs?: number | undefined;
  /** How long to try to connect, in milliseconds. @default 10000 */
  readonly connectTimeoutMs?: number | undefined;
  /** The longest wait for an answer's headers, in milliseconds; 0 waits for ever. @default 300000 */
  readonly headersTimeoutMs?: number | undefined;
  /** The longest silence inside a body, in milliseconds; 0 waits for ever. @default 300000 */
  readonly bodyTimeoutMs?: number | undefined;
}

/** Why a request got no answer that can be read. */
export type HttpFailureKind =
  /** No connection, or it broke: refused, reset, unresolved, not trusted, timed out. */
  | "connection"
  /** Bytes came, but they are not HTTP, or the body cannot be decompressed. */
  | "answer"
  /** The request was not fit to be sent: an illegal header. */
  | "request"
  /** A proxy will not connect to the server, or is not configured as it should be. */
  | "proxy"
  /** The client was closed before. */
  | "closed";

/** The message for a request to a client that was closed. */
export const CLOSED = "the transport is closed; create another one";

/** A request that got no readable answer. */
export class HttpFailure extends Error {
  override readonly name = "HttpFailure";

  constructor(
    message: string,
    /** What went wrong. */
    readonly kind: HttpFailureKind,
    /** Whether any of the request may have reached the server. */
    readonly requestSent: boolean,
    cause?: unknown,
  ) {
    super(message, { cause });
  }
}
