// SPDX-License-Identifier: Apache-2.0

import { Code, createClient, type Interceptor, type Transport } from "@connectrpc/connect";
import { createGrpcTransport as createGrpcOfConnect } from "@connectrpc/connect-node";
import { context, trace } from "@opentelemetry/api";
import { startEmulator } from "../../src/emulator.js";
import { createGrpcTransport } from "../../src/grpc.js";
import { createRestTransport } from "../../src/index.js";
import { openTelemetry } from "../../src/telemetry.js";
import { Library } from "../any-service/gen/library/v1/library_pb.js";
import { createLibraryServer } from "../any-service/library-server.js";
import { closeAfterTest } from "../transport/raw-server.js";
import { startSdk } from "./sdk.js";

const sdk = startSdk();
afterAll(() => sdk.stop());
beforeEach(() => void sdk.spans());

const { interceptor } = openTelemetry();
const FOLLOW = "library.v1.Library/FollowLoans";

/** Notes the span that is active wherever the transport works for the call: when it is sent, and for each message. */
const active: (string | undefined)[] = [];
const noteActive = () => active.push(trace.getActiveSpan()?.spanContext().spanId);
const innermost: Interceptor = (next) => async (request) => {
  noteActive();
  const response = await next(request);
  if (!response.stream) return response;
  async function* noted<T>(messages: AsyncIterable<T>) {
    for await (const message of messages) {
      noteActive();
      yield message;
    }
  }
  return { ...response, message: noted(response.message) };
};
const interceptors = [interceptor, innermost];

const LANES: readonly [string, string, (baseUrl: string) => Transport][] = [
  ["REST", "http", (baseUrl) => createRestTransport({ baseUrl, interceptors })],
  ["gRPC", "grpc", (baseUrl) => createGrpcTransport({ baseUrl, interceptors })],
  ["gRPC of connect-node", "grpc", (baseUrl) => createGrpcOfConnect({ baseUrl, interceptors })],
];

describe.each(LANES)("a call without a client, over %s", (_, system, connect) => {
  async function setUp() {
    const emulator = await startEmulator();
    closeAfterTest(() => emulator.close());
    emulator.serve(Library, createLibraryServer().library);
    active.length = 0;
    const transport = connect(emulator.baseUrl);
    return { emulator, library: createClient(Library, transport) };
  }

  test("a stream is one span until its last message; its context reaches the server and every message", async () => {
    const { emulator, library } = await setUp();
    const root = trace.getTracer("program").startSpan("program");
    const seen: (string | undefined)[] = [];
    await context.with(trace.setSpan(context.active(), root), async () => {
      for await (const _ of library.followLoans({ parent: "shelves/1", count: 3 })) {
        expect(sdk.spans()).toEqual([]);
        seen.push(trace.getActiveSpan()?.spanContext().spanId);
      }
    });
    const [span, ...more] = sdk.spans();
    expect(more).toEqual([]);
    expect(span).toMatchObject({
      name: FOLLOW,
      kind: "CLIENT",
      failed: false,
      parent: root.spanContext().spanId,
      attributes: { "rpc.system.name": system, "rpc.method": FOLLOW, "rpc.status_code": "OK" },
    });
    expect(emulator.calls[0]?.headers.traceparent).toBe(`00-${span?.traceId}-${span?.id}-01`);
    expect(active).toEqual([span?.id, span?.id, span?.id, span?.id]);
    expect(seen).toEqual(Array(3).fill(root.spanContext().spanId)); // the program keeps its own
  });

  test("a stream that fails under way, and one that is aborted", async () => {
    const { library } = await setUp();
    const read = async () => {
      for await (const _ of library.followLoans({ parent: "shelves/1", count: 1, code: Code.DataLoss }));
    };
    await expect(read()).rejects.toThrow();
    const leave = new AbortController();
    const stream = library.followLoans({ parent: "shelves/1", count: 3 }, { signal: leave.signal });
    for await (const _ of stream) break; // which Connect's client keeps to itself
    leave.abort();
    expect(sdk.spans()).toMatchObject([
      { name: FOLLOW, failed: true, statusMessage: "data-loss", attributes: { "error.type": "DATA_LOSS" } },
      { name: FOLLOW, failed: true, statusMessage: "aborted-by-caller" },
    ]);
  });

  test("a unary call, well or not", async () => {
    const { emulator, library } = await setUp();
    await library.getBook({ name: "shelves/1/books/2" });
    await expect(
      library.getBook({ name: "shelves/1/books/2" }, { headers: { "x-fail-with": "5" } }),
    ).rejects.toThrow();
    const spans = sdk.spans();
    expect(spans).toMatchObject([
      { name: "library.v1.Library/GetBook", failed: false },
      { name: "library.v1.Library/GetBook", failed: true, attributes: { "error.type": "NOT_FOUND" } },
    ]);
    expect(emulator.calls.map(({ headers }) => headers.traceparent)).toEqual(
      spans.map(({ traceId, id }) => `00-${traceId}-${id}-01`),
    );
  });
});

test.each(LANES.slice(0, 2))("the reader of a stream of our own leaves, over %s", async (_, __, connect) => {
  const emulator = await startEmulator();
  closeAfterTest(() => emulator.close());
  emulator.serve(Library, createLibraryServer().library);
  async function* request() {
    yield { parent: "shelves/1", count: 3 };
  }
  const { followLoans } = Library.method;
  const { stream } = connect(emulator.baseUrl);
  const response = await stream(followLoans, undefined, undefined, undefined, request());
  for await (const _ of response.message) break;
  expect(sdk.spans()).toMatchObject([{ name: FOLLOW }]);
});
