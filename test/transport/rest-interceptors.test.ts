// SPDX-License-Identifier: Apache-2.0
import { Code, ConnectError, createClient, type Interceptor } from "@connectrpc/connect";
import { Operations } from "../../gen/google/longrunning/operations_pb.js";
import { httpAnswer, startRawServer } from "./raw-server.js";
import { callErrorOf, createTestTransport } from "./rest-fixture.js";

const name = "operations/1";
const answerEmpty = () => startRawServer((socket) => socket.write(httpAnswer(200, "{}")));

async function connect(interceptors: Interceptor[], start = answerEmpty) {
  const server = await start();
  return {
    server,
    client: createClient(Operations, createTestTransport({ baseUrl: server.baseUrl, interceptors })),
  };
}

test("run in their order around the call", async () => {
  const seen: string[] = [];
  const note =
    (label: string): Interceptor =>
    (next) =>
    async (request) => {
      seen.push(`> ${label}`);
      const response = await next(request);
      seen.push(`< ${label}`);
      return response;
    };
  const { client } = await connect([note("outer"), note("inner")]);
  await client.cancelOperation({ name });
  expect(seen).toEqual(["> outer", "> inner", "< inner", "< outer"]);
});

test("see a signal that aborts when the call is over", async () => {
  const signals: AbortSignal[] = [];
  const look: Interceptor = (next) => (request) => {
    signals.push(request.signal);
    return next(request);
  };
  const { client } = await connect([look]);
  const call = client.cancelOperation({ name });
  expect(signals.map((signal) => signal.aborted)).toEqual([false]);
  await call;
  expect(signals.map((signal) => signal.aborted)).toEqual([true]);
});

test("see a signal that aborts with the caller's, and for its reason", async () => {
  const reason = new Error("enough");
  const controller = new AbortController();
  const seen: unknown[] = [];
  const look: Interceptor = (next) => (request) => {
    request.signal.addEventListener("abort", () => seen.push(request.signal.reason));
    return next(request);
  };
  const { client, server } = await connect([look], () => startRawServer(() => undefined));
  const call = callErrorOf(client.cancelOperation({ name }, { signal: controller.signal }));
  await server.received(1);
  controller.abort(reason);
  expect(await call).toMatchObject({ reason: "aborted-by-caller", cause: reason });
  expect(seen).toEqual([reason]);
});

test("may end an attempt by a signal of their own, and try again", async () => {
  const hedge: Interceptor = (next) => async (request) => {
    if (request.stream) return next(request);
    const attempt = new AbortController();
    const first = next({ ...request, signal: attempt.signal });
    await server.received(1);
    attempt.abort(new Error("too slow"));
    return first.catch(() => next(request));
  };
  const { client, server } = await connect([hedge], () =>
    startRawServer((socket, _request, index) => {
      if (index > 0) socket.write(httpAnswer(200, "{}"));
    }),
  );
  await client.cancelOperation({ name });
  expect(server.requests).toHaveLength(2);
});

test("get the whole error of an attempt, and may try again", async () => {
  const errors: unknown[] = [];
  const again: Interceptor = (next) => (request) =>
    next(request).catch((error) => {
      errors.push(error);
      return next(request);
    });
  const { client, server } = await connect([again], () =>
    startRawServer((socket, _request, index) => socket.write(httpAnswer(index === 0 ? 503 : 200, "{}"))),
  );
  await client.cancelOperation({ name });
  expect(errors).toMatchObject([
    {
      code: Code.Unavailable,
      httpStatus: 503,
      method: "google.longrunning.Operations.CancelOperation",
      operationName: name,
    },
  ]);
  const [first, second] = server.requests;
  expect(second).toBe(first);
});

test.each<[string, Interceptor]>([
  [
    "throws",
    () => () => {
      throw new ConnectError("no token", Code.Unauthenticated);
    },
  ],
  [
    "rejects",
    () => async () => {
      throw new ConnectError("no token", Code.Unauthenticated);
    },
  ],
])("one that %s ends the call before anything is sent", async (_how, interceptor) => {
  const { client, server } = await connect([interceptor]);
  expect(await callErrorOf(client.cancelOperation({ name }, { timeoutMs: 60_000 }))).toMatchObject({
    code: Code.Unauthenticated,
    requestSent: false,
    method: "google.longrunning.Operations.CancelOperation",
    operationName: name,
  });
  expect(server.connections).toBe(0);
});

test("may respond in place of the server", async () => {
  const canned: Interceptor = () => async (request) => ({
    stream: false,
    service: request.service,
    method: Operations.method.cancelOperation,
    header: new Headers(),
    trailer: new Headers(),
    message: { $typeName: "google.protobuf.Empty" },
  });
  const { client, server } = await connect([canned]);
  await client.cancelOperation({ name });
  expect(server.connections).toBe(0);
});

test("may copy requests and responses", async () => {
  const copy: Interceptor = (next) => async (request) => {
    const response = await next({ ...request });
    return { ...response };
  };
  const { client } = await connect([copy], () =>
    startRawServer((socket) => socket.write(httpAnswer(200, "{}", { "x-a": "1" }))),
  );
  const seen: (string | null)[] = [];
  await client.cancelOperation({ name }, { onHeader: (headers) => seen.push(headers.get("x-a")) });
  expect(seen).toEqual(["1"]);
});
