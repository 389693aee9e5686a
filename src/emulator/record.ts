// SPDX-License-Identifier: Apache-2.0
import type { Message } from "@bufbuild/protobuf";
import { type ContextKey, createContextKey } from "@connectrpc/connect";

/** How a call arrived. `in-process` is a fake's transport. */
export type CallProtocol = "rest" | "grpc" | "grpc-web" | "connect" | "in-process";

/** A call that the emulator received. Credentials in it are replaced by `REDACTED`. */
export interface RecordedCall {
  readonly protocol: CallProtocol;
  /**
   * The first line of the request, as in HTTP/1.1, for HTTP/2 as well: `POST /v1/operations/1:cancel
   * HTTP/1.1`. In-process, where there is none, the one of gRPC.
   */
  readonly requestLine: string;
  /** Names in lower case; several values of one name are joined with a comma. */
  readonly headers: Readonly<Record<string, string>>;
  /** `google.longrunning.Operations.CancelOperation`; `undefined` when nothing is served at that path. */
  readonly method: string | undefined;
  /**
   * The request as the service got it; `undefined` when it could not be read, and for streams of requests.
   */
  readonly message: Message | undefined;
  /**
   * How the call ended, in google.rpc.Code's words (`OK`, `NOT_FOUND`); `undefined` while it runs, when it never
   * began, and when its connection was reset: then no client was told.
   */
  readonly status: string | undefined;
  /**
   * The HTTP status of the response, as soon as there is one; 200 for every response of gRPC itself, none
   * in-process.
   */
  readonly httpStatus: number | undefined;
}

/** A call being recorded: who answers it fills in what it learns. */
export interface OpenCall {
  protocol: CallProtocol;
  method: string | undefined;
  message: Message | undefined;
  status: string | undefined;
  httpStatus: number | undefined;
}

/** What is known when a request arrives. */
export interface CallStart {
  readonly protocol: CallProtocol;
  readonly method: string | undefined;
  /** As node:http has them: name, value, name, value; HTTP/2's pseudo headers are left out of the record. */
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
}

/** Where the implementation of a method finds the call that it answers. */
export const openCallKey: ContextKey<OpenCall | undefined> = createContextKey<OpenCall | undefined>(
  undefined,
  {
    description: "call being recorded",
  },
);

/** Creates a record of the last `limit` calls. */
export function createCallRecord(limit: number): CallRecord {
  const entries: Entry[] = [];
  return {
    calls: () => entries.map(recordedCall),
    open: (start) => {
      const { protocol, method } = start;
      const call: OpenCall = {
        protocol,
        method,
        message: undefined,
        status: undefined,
        httpStatus: undefined,
      };
      entries.push({ start, call, request: undefined });
      if (entries.length > limit) entries.shift();
      return call;
    },
  };
}

interface Entry {
  readonly start: CallStart;
  readonly call: OpenCall;
  /** Made when somebody looks: most calls of a load test are never looked at. */
  request: Pick<RecordedCall, "requestLine" | "headers"> | undefined;
}

function recordedCall(entry: Entry): RecordedCall {
  const { verb, target, httpVersion, rawHeaders } = entry.start;
  entry.request ??= {
    requestLine: `${verb} ${redactTarget(target)} HTTP/${httpVersion}`,
    headers: redactHeaders(rawHeaders),
  };
  return { ...entry.call, ...entry.request };
}

const REDACTED = "REDACTED";

const SECRET_HEADERS: ReadonlySet<string> = new Set([
  "authorization",
  "proxy-authorization",
  "cookie",
  "x-goog-api-key",
  "x-goog-iam-authorization-token",
]);

/** Google's system parameters that carry a credential in the query. */
const SECRET_PARAMETER = /([?&](?:%24|\$)?(?:key|access_token|oauth_token)=)[^&]*/gi;

function redactTarget(target: string): string {
  return target.replace(SECRET_PARAMETER, `$1${REDACTED}`);
}

function redactHeaders(raw: readonly string[]): Record<string, string> {
  const headers: Record<string, string> = {};
  for (let at = 0; at + 1 < raw.length; at += 2) {
    const name = raw[at]?.toLowerCase() ?? "";
    if (name.startsWith(":")) continue;
    const value = SECRET_HEADERS.has(name) ? REDACTED : (raw[at + 1] ?? "");
    headers[name] = headers[name] === undefined ? value : `${headers[name]}, ${value}`;
  }
  return headers;
}
