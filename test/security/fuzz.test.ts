// SPDX-License-Identifier: Apache-2.0
import { Code, createClient, type Transport } from "@connectrpc/connect";
import fc from "fast-check";
import { Operations } from "../../gen/google/longrunning/operations_pb.js";
import { createGrpcTransport } from "../../src/grpc.js";
import { CallError, createRestTransport, type Dispatcher } from "../../src/index.js";
import type { GrpcEngine } from "../../src/transport/grpc/engine.js";
import { createGrpcTransportOver } from "../../src/transport/grpc/protocol.js";
import { propertyRuns } from "../property-runs.js";
import { startFramePeer } from "../transport/grpc-frame-peer.js";
import { startHttp2Peer } from "../transport/grpc-peers.js";
import { closeAfterTest, httpAnswer, startRawServer } from "../transport/raw-server.js";
import { anyBody, anyFrames, anyHeaders, anyHttp1, anyMessage, anyName, anyStatus } from "./hostile.js";

// Whatever comes from outside (answers, names, headers): a call is answered, or it fails with a CallError, in time, and
// no request goes anywhere but to the configured origin. Most cases run on an engine in this process, since a socket adds
// nothing to what is decoded; those about bytes on a connection run over sockets.

// A slow machine takes its time for ten thousand cases.
jest.setTimeout(120_000);

const ORIGIN = "https://example.com";
const DEADLINE_MS = 5_000;
const rules = [
  { selector: "google.longrunning.Operations.GetOperation", get: "/v1/{name=**}" },
  { selector: "google.longrunning.Operations.CancelOperation", post: "/v1/{name=**}:cancel" },
];

let cases = 0;
const rejections: unknown[] = [];
const onRejection = (reason: unknown) => rejections.push(reason);
beforeAll(() => process.on("unhandledRejection", onRejection));
afterAll(() => {
  process.off("unhandledRejection", onRejection);
  process.stdout.write(`\nfuzzing: ${cases} cases\n`);
});

/** The error of a call, which is a CallError and no deadline; `undefined` when it is answered. */
async function endingOf(call: Promise<unknown>): Promise<CallError | undefined> {
  cases += 1;
  const error = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error === undefined) return undefined;
  expect(error).toBeInstanceOf(CallError);
  expect(String(error)).not.toContain("the operation timed out");
  return error as CallError;
}

const getOperation = (transport: Transport, name: string, headers?: HeadersInit) =>
  createClient(Operations, transport).getOperation(
    { name },
    { timeoutMs: DEADLINE_MS, ...(headers !== undefined && { headers }) },
  );

describe("answers", () => {
  test("of any status, headers and body over REST", async () => {
    let answer: CannedResponse;
    const dispatcher = cannedDispatcher(() => answer);
    const transport = createRestTransport({ baseUrl: ORIGIN, dispatcher });
    await fc.assert(
      fc.asyncProperty(anyStatus, anyHeaders, anyBody, async (status, headers, content) => {
        answer = { status: Math.max(status, 200), headers, content };
        const error = await endingOf(getOperation(transport, "operations/1"));
        if (error !== undefined) JSON.stringify(error);
        if (status < 200 || status > 299) expect(error).toBeDefined();
      }),
      { numRuns: propertyRuns(20_000) },
    );
  });

  test("of any bytes and metadata over gRPC", async () => {
    let answer: { bytes: Uint8Array; headers: Record<string, string> };
    const engine: GrpcEngine = {
      unary: async () => ({
        message: answer.bytes,
        header: () => new Headers(answer.headers),
        trailer: () => new Headers(),
      }),
      serverStream: () => Promise.reject(new Error("not called")),
      close: async () => {},
    };
    const transport = createGrpcTransportOver(engine, {
      origin: ORIGIN,
      interceptors: [],
      defaultTimeoutMs: undefined,
      loopbackResolved: false,
    });
    await fc.assert(
      fc.asyncProperty(anyMessage, anyHeaders, async (bytes, headers) => {
        answer = { bytes, headers };
        await endingOf(getOperation(transport, "operations/1"));
      }),
      { numRuns: propertyRuns(13_500) },
    );
  });

  test("of any bytes on an HTTP/1.1 connection", async () => {
    let bytes: Uint8Array;
    const server = await startRawServer((socket) => socket.end(bytes));
    const transport = createRestTransport({ baseUrl: server.baseUrl });
    closeAfterTest(() => transport.close());
    await fc.assert(
      fc.asyncProperty(anyHttp1, async (answer) => {
        bytes = answer;
        await endingOf(getOperation(transport, "operations/1"));
      }),
      { numRuns: propertyRuns(1_500) },
    );
  });

  test("of any frames on an HTTP/2 connection", async () => {
    let bytes: Uint8Array;
    const server = await startFramePeer(({ socket }) => socket.end(bytes));
    // After a breach of HTTP/2 Node neither reads on nor tells anybody: a PING without an answer does.
    const transport = createGrpcTransport({ baseUrl: server.baseUrl, pingIntervalMs: 20, pingTimeoutMs: 20 });
    closeAfterTest(() => transport.close());
    await fc.assert(
      fc.asyncProperty(anyFrames, async (answer) => {
        bytes = answer;
        await endingOf(getOperation(transport, "operations/1"));
      }),
      { numRuns: propertyRuns(400) },
    );
  });

  test("with any grpc-status, grpc-message and details on a kept HTTP/2 connection", async () => {
    let headers: Record<string, string> = {};
    const { baseUrl } = await startHttp2Peer((stream) => {
      stream.resume();
      stream.respond({ ":status": 200, "content-type": "application/grpc", ...headers }, { endStream: true });
    });
    const transport = createGrpcTransport({ baseUrl });
    closeAfterTest(() => transport.close());
    const trailers = fc.record({
      "grpc-status": fc.oneof(
        fc.integer({ min: -1, max: 20 }).map(String),
        fc.string({ unit: "grapheme-ascii" }),
      ),
      "grpc-message": fc.oneof(
        fc.string({ unit: "grapheme-ascii" }),
        fc.string({ unit: "grapheme" }).map(encodeURIComponent),
        fc.constantFrom("%", "%zz", "%ff%fe", "%E2%82"),
      ),
      "grpc-status-details-bin": fc.oneof(
        fc.uint8Array().map((bytes) => Buffer.from(bytes).toString("base64")),
        fc.string({ unit: "grapheme-ascii" }),
      ),
    });
    await fc.assert(
      fc.asyncProperty(trailers, async (status) => {
        headers = Object.fromEntries(Object.entries(status).map(([key, value]) => [key, value.trim()]));
        const error = await endingOf(getOperation(transport, "operations/1"));
        expect(error).toBeDefined(); // there is no message, whatever the status says
        expect(error?.code).toBeGreaterThanOrEqual(Code.Canceled);
      }),
      { numRuns: propertyRuns(3_000) },
    );
  });
});

describe("names of any unicode", () => {
  test("over REST stay inside the origin and the path, or are refused unsent", async () => {
    const requests: CannedRequest[] = [];
    const content = new TextEncoder().encode("{}");
    const dispatcher = cannedDispatcher((request) => {
      requests.push(request);
      return { status: 200, headers: {}, content };
    });
    const transport = createRestTransport({ baseUrl: `${ORIGIN}/prefix`, httpRules: rules, dispatcher });
    await fc.assert(
      fc.asyncProperty(anyName, async (name) => {
        requests.length = 0;
        const error = await endingOf(getOperation(transport, name));
        expect(requests).toHaveLength(error === undefined ? 1 : 0);
        if (error !== undefined) expect(error.requestSent).toBe(false);
        for (const { origin, path } of requests) {
          expect(origin).toBe(ORIGIN);
          expect(path).toMatch(/^\/prefix\/v1\/[-\w.~%/]*$/);
          expect(new URL(origin + path).href).toBe(origin + path); // nothing to collapse or to mend
        }
      }),
      { numRuns: propertyRuns(8_000) },
    );
  });

  test("over a kept HTTP/1.1 connection are one request line each", async () => {
    const server = await startRawServer((socket) => socket.write(httpAnswer(200, "{}")));
    const transport = createRestTransport({ baseUrl: server.baseUrl, httpRules: rules });
    closeAfterTest(() => transport.close());
    await fc.assert(
      fc.asyncProperty(anyName, async (name) => {
        const before = server.requests.length;
        const error = await endingOf(getOperation(transport, name));
        const sent = server.requests.slice(before);
        expect(sent).toHaveLength(error === undefined ? 1 : 0);
        for (const request of sent) {
          expect(request).toMatch(/^GET \/v1\/[-\w.~%/]* HTTP\/1\.1\r\n/);
          expect(request.match(/^host: .*$/gim)).toEqual([`host: 127.0.0.1:${server.port}`]);
        }
      }),
      { numRuns: propertyRuns(2_000) },
    );
  });

  test("over gRPC change neither :path nor :authority, and are encoded in the routing header", async () => {
    const seen: Record<string, unknown>[] = [];
    const { baseUrl, port } = await startHttp2Peer((stream, headers) => {
      seen.push(headers);
      stream.resume();
      stream.respond({ ":status": 200, "content-type": "application/grpc" }, { waitForTrailers: true });
      stream.on("wantTrailers", () => stream.sendTrailers({ "grpc-status": "0" }));
      stream.end(Buffer.alloc(5));
    });
    const transport = createGrpcTransport({ baseUrl });
    closeAfterTest(() => transport.close());
    await fc.assert(
      fc.asyncProperty(anyName, async (name) => {
        seen.length = 0;
        const error = await endingOf(getOperation(transport, name));
        expect(seen).toHaveLength(error === undefined ? 1 : 0);
        for (const headers of seen) {
          expect(headers[":path"]).toBe("/google.longrunning.Operations/GetOperation");
          expect(headers[":authority"]).toBe(`127.0.0.1:${port}`);
          expect(headers["x-goog-request-params"] ?? "").toMatch(/^(?:name=[-\w.~%]*)?$/);
        }
      }),
      { numRuns: propertyRuns(2_000) },
    );
  });
});

test("headers of any legal form leave the frame of the request alone", async () => {
  const server = await startRawServer((socket) => socket.write(httpAnswer(200, "{}")));
  const transport = createRestTransport({ baseUrl: server.baseUrl });
  closeAfterTest(() => transport.close());
  await fc.assert(
    fc.asyncProperty(anyHeaders, async (headers) => {
      const before = server.requests.length;
      const error = await endingOf(getOperation(transport, "operations/1", headers));
      const sent = server.requests.slice(before);
      expect(sent).toHaveLength(error === undefined ? 1 : 0);
      for (const request of sent) {
        expect(request).toMatch(/^GET \/v1\/operations\/1 HTTP\/1\.1\r\n/);
        expect(request.match(/^host:/gim)).toHaveLength(1);
        expect(request).not.toMatch(/^(?:transfer-encoding|content-length|upgrade|expect):/im);
      }
    }),
    { numRuns: propertyRuns(2_000) },
  );
});

test("were many cases, 50,000 and more in a long run, and left nothing behind", () => {
  expect(cases).toBeGreaterThanOrEqual(propertyRuns(50_000));
  expect(rejections).toEqual([]);
});

type CannedRequest = Parameters<Dispatcher["dispatch"]>[0];

interface CannedResponse {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly content: Uint8Array;
}

/** A dispatcher that sends nothing. */
function cannedDispatcher(respond: (request: CannedRequest) => CannedResponse): Dispatcher {
  const controller = { pause: () => undefined, resume: () => undefined, abort: () => undefined };
  return {
    dispatch: (request, handler) => {
      const { status, headers, content } = respond(request);
      handler.onRequestStart(controller, {});
      handler.onResponseStart(controller, status, headers);
      handler.onResponseData(controller, content);
      handler.onResponseEnd(controller);
      return true;
    },
  };
}
