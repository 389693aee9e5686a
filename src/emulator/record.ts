// SPDX-License-Identifier: Apache-2.0
import type { Message } from "@bufbuild/protobuf";
import { type ContextKey, createContextKey } from "@connectrpc/connect";
import { redactHeaders, redactTarget } from "./record-redaction.js";

/** The protocol of a call. `in-process` is a fake's transport. */
export type CallProtocol = "rest" | "grpc" | "grpc-web" | "connect" | "in-process";

/** A call that the emulator received. Credentials in it are replaced by `REDACTED`. */
export interface RecordedCall {
  /** Counts the calls of this emulator, from 1. */
  readonly sequence: number;
  /** When it arrived, in milliseconds of the emulator's clock. */
  readonly startMs: number;
  /** How it arrived. */
  readonly protocol: CallProtocol;
  /**
   * The request line, in the form of HTTP/1.1 even for HTTP/2: `POST /v1/operations/1:cancel HTTP/1.1`. In-process,
   * where there is none, that of gRPC.
   */
  readonly requestLine: string;
  /** Names in lower case; several values of one name are joined with a comma. */
  readonly headers: Readonly<Record<string, string>>;
  /** `google.longrunning.Operations.CancelOperation`; `undefined` when nothing is served at that path. */
  readonly method: string | undefined;
  /** The request as the service received it; `undefined` if it could not be read, and for streams of requests. */
  readonly message: Message | undefined;
  /**
   * How the call ended, as a google.rpc.Code name (`OK`, `NOT_FOUND`); `undefined` while it runs, if it never began,
   * and if its connection was reset or its client disconnected before the end, so that no client got the result.
   */
  readonly status: string | undefined;
  /**
   * The HTTP status of the response once there is one; 200 for every gRPC response, none in-process.
   */
  readonly httpStatus: number | undefined;
}

/** A call being recorded: one flat object, since there is one for each call. Handlers fill in its fields as they become known. */
export interface OpenCall {
  protocol: CallProtocol;
  method: string | undefined;
  message: Message | undefined;
  status: string | undefined;
  httpStatus: number | undefined;
  readonly sequence: number;
  readonly startMs: number;
  readonly start: CallStart;
  /** Bytes of the request so far. */
  bytes: number;
  isKept: boolean;
  /** Once the call is over. */
  delivery: Delivery | undefined;
  /** Created on demand: most calls of a load test are never inspected. */
  request: Pick<RecordedCall, "requestLine" | "headers"> | undefined;
}

/** How much of a response was sent. */
export interface Delivery {
  /** Whether the client stayed connected to the end. */
  readonly isComplete: boolean;
  /** The status that was sent. */
  readonly httpStatus: number | undefined;
}

/** The head of a request. */
export interface CallStart {
  readonly protocol: CallProtocol;
  readonly method: string | undefined;
  /** In the form of node:http: name, value, name, value. HTTP/2 pseudo-headers are not recorded. */
  readonly rawHeaders: readonly string[];
  readonly verb: string;
  readonly target: string;
  readonly httpVersion: string;
}

/** The calls received so far, the latest ones. */
export interface CallRecord {
  /** The calls as they are now, the oldest first. */
  calls(): readonly RecordedCall[];
  open(start: CallStart): OpenCall;
  /** Counts bytes of the request's body. */
  addBytes(call: OpenCall, count: number): void;
  /** Call this when the response was sent, or will never be. */
  end(call: OpenCall, delivery: Delivery): void;
  /** Forgets calls. */
  remove(isGone: (call: RecordedCall) => boolean): void;
  /** Calls `listener` with each call that ends, until the function that it returns is called. */
  watch(listener: (call: RecordedCall) => void): () => void;
}

/** Limits of a record. */
export interface CallRecordOptions {
  readonly maxCalls: number;
  /** Bytes of the requests of all calls together; the latest call is kept whatever its size. */
  readonly maxBytes: number;
  now(): number;
}

/** The context key of the recorded call. */
export const openCallKey: ContextKey<OpenCall | undefined> = createContextKey<OpenCall | undefined>(
  undefined,
  {
    description: "call being recorded",
  },
);

/** Creates a record of the latest calls, bounded in number and in bytes. */
export function createCallRecord({ maxCalls, maxBytes, now }: CallRecordOptions): CallRecord {
  let entries: OpenCall[] = [];
  const watchers = new Set<(call: RecordedCall) => void>();
  let bytes = 0;
  let sequence = 0;
  const trim = () => {
    while (entries.length > maxCalls || (bytes > maxBytes && entries.length > 1)) {
      const oldest = entries.shift();
      if (oldest === undefined) return;
      oldest.isKept = false;
      bytes -= oldest.bytes;
    }
  };
  const addBytes = (call: OpenCall, count: number) => {
    if (!call.isKept) return;
    call.bytes += count;
    bytes += count;
    trim();
  };
  return {
    calls: () => entries.map(recordedCall),
    open: (start) => {
      const call = newCall(start, ++sequence, now());
      entries.push(call);
      addBytes(call, headBytes(start));
      return call;
    },
    addBytes,
    end: (call, delivery) => {
      call.delivery = delivery;
      for (const watcher of watchers) watcher(recordedCall(call));
    },
    remove: (isGone) => {
      entries = entries.filter((entry) => {
        entry.isKept = !isGone(recordedCall(entry));
        if (!entry.isKept) bytes -= entry.bytes;
        return entry.isKept;
      });
    },
    watch: (listener) => {
      watchers.add(listener);
      return () => watchers.delete(listener);
    },
  };
}

function newCall(start: CallStart, sequence: number, startMs: number): OpenCall {
  return {
    protocol: start.protocol,
    method: start.method,
    message: undefined,
    status: undefined,
    httpStatus: undefined,
    sequence,
    startMs,
    start,
    bytes: 0,
    isKept: true,
    delivery: undefined,
    request: undefined,
  };
}

function headBytes({ rawHeaders, target }: CallStart): number {
  let bytes = target.length;
  for (const text of rawHeaders) bytes += text.length;
  return bytes;
}

function recordedCall(call: OpenCall): RecordedCall {
  const { sequence, startMs, protocol, method, message } = call;
  const { verb, target, httpVersion, rawHeaders } = call.start;
  call.request ??= {
    requestLine: `${verb} ${redactTarget(target)} HTTP/${httpVersion}`,
    headers: redactHeaders(rawHeaders),
  };
  const { status, httpStatus } = outcomeOf(call);
  return { sequence, startMs, protocol, method, message, status, httpStatus, ...call.request };
}

/** The result as the client saw it; the service may have done more. */
function outcomeOf({ status, httpStatus, delivery }: OpenCall): Pick<RecordedCall, "status" | "httpStatus"> {
  if (delivery === undefined) return { status, httpStatus };
  // A gRPC client reads only the headers of an HTTP error, then disconnects.
  const wasTold = delivery.isComplete || (delivery.httpStatus ?? 0) >= 400;
  return { status: wasTold ? status : undefined, httpStatus: delivery.httpStatus };
}
