// SPDX-License-Identifier: Apache-2.0
import { connect as connectHttp2 } from "node:http2";
import { create, toBinary } from "@bufbuild/protobuf";
import { Code, ConnectError, createClient, type Transport } from "@connectrpc/connect";
import {
  createConnectTransport,
  createGrpcWebTransport,
  createGrpcTransport as createNodeGrpcTransport,
} from "@connectrpc/connect-node";
import { Client, credentials, type ServiceError } from "@grpc/grpc-js";
import { GetOperationRequestSchema, Operations } from "../../gen/google/longrunning/operations_pb.js";
import { type Emulator, startEmulator } from "../../src/emulator.js";
import { closedAfterTest, transports } from "../transport/grpc-peers.js";
import { Builds, logsMethod } from "./builds-service.js";
import { cert, key } from "./certificate.js";
import { exchangeFrames } from "./http2-frames.js";

const GET_PATH = "/google.longrunning.Operations/GetOperation";
const GET_MESSAGE = toBinary(
  GetOperationRequestSchema,
  create(GetOperationRequestSchema, { name: "operations/1" }),
);

/** The error of a call by grpc-js alone. */
async function grpcJsError(address: string, path: string): Promise<ServiceError | null> {
  const client = new Client(address, credentials.createInsecure());
  const bytes = (value: Uint8Array) => Buffer.from(value);
  try {
    return await new Promise((resolve) => {
      client.makeUnaryRequest(path, bytes, bytes, Buffer.from(GET_MESSAGE), resolve);
    });
  } finally {
    client.close();
  }
}

const records = (emulator: Emulator) =>
  emulator.calls.map(({ protocol, status, httpStatus }) => [protocol, status, httpStatus]);

describe("a reset", () => {
  test.each(["before", "after"] as const)("%s the work ends the connection without a frame", async (when) => {
    await using emulator = await startEmulator({ faults: [{ kind: "reset", when }] });
    emulator.operations.start({ id: "1" });
    expect(await exchangeFrames(emulator.port, GET_PATH, GET_MESSAGE)).toEqual({
      frames: [],
      end: "ECONNRESET",
    });
    expect(records(emulator)).toEqual([["grpc", undefined, undefined]]);
  });

  test("is UNAVAILABLE to every gRPC client", async () => {
    await using emulator = await startEmulator({ faults: [{ kind: "reset" }] });
    for (const createTransport of Object.values(transports)) {
      const call = createClient(Operations, createTransport(emulator.port)).getOperation({
        name: "operations/1",
      });
      await expect(call).rejects.toMatchObject({ code: Code.Unavailable });
    }
    expect(await grpcJsError(`127.0.0.1:${emulator.port}`, GET_PATH)).toMatchObject({
      code: Code.Unavailable,
    });
    expect(records(emulator).every(([, status, httpStatus]) => (status ?? httpStatus) === undefined)).toBe(
      true,
    );
  });

  test("gives no client a response, whatever it speaks, and leaves no status", async () => {
    await using emulator = await startEmulator({ faults: [{ kind: "reset", when: "after" }] });
    const { baseUrl } = emulator;
    const name = emulator.operations.start();
    const others: Transport[] = [
      createConnectTransport({ baseUrl, httpVersion: "1.1" }),
      createConnectTransport({ baseUrl, httpVersion: "2" }),
      createGrpcWebTransport({ baseUrl, httpVersion: "1.1" }),
      createNodeGrpcTransport({ baseUrl }),
    ];
    for (const transport of others) {
      const call = createClient(Operations, transport).getOperation({ name });
      await expect(call).rejects.toBeInstanceOf(ConnectError); // connect-node has several codes for it
    }
    const session = connectHttp2(baseUrl);
    const seen: string[] = [];
    session.on("error", () => seen.push("error")).on("goaway", () => seen.push("goaway"));
    const stream = session.request({ ":path": `/v1/${name}` });
    stream.on("response", () => seen.push("response")).on("error", () => undefined);
    await new Promise((resolve) => session.once("close", resolve));
    expect(seen).not.toContain("response");
    expect(seen).not.toContain("goaway");
    expect(records(emulator)).toEqual(
      ["connect", "connect", "grpc-web", "grpc", "rest"].map((protocol) => [protocol, undefined, undefined]),
    );
  });

  test("cuts a stream off where it is", async () => {
    await using emulator = await startEmulator({ faults: [{ kind: "reset", when: "after" }] });
    emulator.serve(Builds, {
      async *logs() {
        yield { text: "1" };
      },
    } as never); // the types of a service known only at run time: none
    const read = async (transport: Transport) => {
      const input = (async function* () {
        yield { name: "projects/p/builds/1" };
      })();
      const { message } = await transport.stream(logsMethod, undefined, 1_000, {}, input);
      for await (const _ of message);
    };
    for (const createTransport of Object.values(transports)) {
      await expect(read(createTransport(emulator.port))).rejects.toMatchObject({ code: Code.Unavailable });
    }
    await expect(
      fetch(`${emulator.baseUrl}/v1/projects/p/builds/1/logs`).then((response) => response.text()),
    ).rejects.toThrow();
    expect(emulator.calls.map(({ status }) => status)).toEqual([undefined, undefined, undefined]);
  });

  test("breaks TLS connections as well", async () => {
    await using emulator = await startEmulator({ tls: { cert, key }, faults: [{ kind: "reset", times: 2 }] });
    const { baseUrl } = emulator;
    const name = emulator.operations.start();
    const nodeOptions = { ca: cert };
    const http2 = createClient(Operations, createNodeGrpcTransport({ baseUrl, nodeOptions }));
    await expect(http2.getOperation({ name })).rejects.toBeInstanceOf(ConnectError);
    const http1 = createClient(
      Operations,
      createConnectTransport({ baseUrl, httpVersion: "1.1", nodeOptions }),
    );
    await expect(http1.getOperation({ name })).rejects.toBeInstanceOf(ConnectError);
    expect(records(emulator).map(([, status]) => status)).toEqual([undefined, undefined]);
    expect(await http2.getOperation({ name })).toMatchObject({ name });
    expect(await http1.getOperation({ name })).toMatchObject({ name });
  });
});

describe("a gRPC method that is not served", () => {
  test.each(["/google.longrunning.Operations/Nope", "/nobody.v1.Service/Get", "/x"])(
    "%s is one HEADERS frame that ends the stream",
    async (path) => {
      await using emulator = await startEmulator();
      expect(await exchangeFrames(emulator.port, path, GET_MESSAGE)).toEqual({
        frames: ["HEADERS 5 1"],
        end: "end",
      });
      expect(await grpcJsError(`127.0.0.1:${emulator.port}`, path)).toMatchObject({
        code: Code.Unimplemented,
        details: "unknown method",
      });
      expect(records(emulator)).toEqual([
        ["grpc", "UNIMPLEMENTED", 200],
        ["grpc", "UNIMPLEMENTED", 200],
      ]);
    },
  );

  test("is UNIMPLEMENTED to our own clients", async () => {
    await using emulator = await startEmulator();
    for (const createTransport of Object.values(transports)) {
      const call = createClient(Builds, createTransport(emulator.port)) as unknown as {
        build(request: object): Promise<unknown>;
      };
      await expect(call.build({})).rejects.toMatchObject({ code: Code.Unimplemented });
    }
  });
});

test.each([
  [400, Code.Internal],
  [401, Code.Unauthenticated],
  [403, Code.PermissionDenied],
  [404, Code.Unimplemented],
  [408, Code.Unknown],
  [429, Code.Unavailable],
  [500, Code.Unknown],
  [502, Code.Unavailable],
  [503, Code.Unavailable],
  [504, Code.Unavailable],
])("a page with HTTP %i is read by gRPC clients as gRPC says", async (status, code) => {
  await using emulator = await startEmulator({ faults: [{ kind: "page", status, body: "<h1>no</h1>" }] });
  expect(await grpcJsError(`127.0.0.1:${emulator.port}`, GET_PATH)).toMatchObject({ code });
  const client = createClient(Operations, createNodeGrpcTransport({ baseUrl: emulator.baseUrl }));
  await expect(client.getOperation({ name: "operations/1" })).rejects.toMatchObject({ code });
  expect(records(emulator)).toEqual([
    ["grpc", Code[code]?.replace(/(?<=[a-z])(?=[A-Z])/g, "_").toUpperCase(), status],
    ["grpc", Code[code]?.replace(/(?<=[a-z])(?=[A-Z])/g, "_").toUpperCase(), status],
  ]);
});

test("headers and trailers of an implementation that throws reach the client, over each protocol", async () => {
  await using emulator = await startEmulator();
  let timeoutMs: number | undefined;
  emulator.serve(Operations, {
    getOperation: (_, context) => {
      timeoutMs = context.timeoutMs();
      context.responseHeader.set("x-head", "1");
      context.responseTrailer.set("x-trail", "2");
      throw new ConnectError("No.", Code.FailedPrecondition, { "x-error": "3" });
    },
  });
  const { baseUrl } = emulator;
  const own = closedAfterTest(transports.createGrpcTransport?.(emulator.port) as never);
  const seen = async (transport: Transport) => {
    const call = createClient(Operations, transport).getOperation(
      { name: "operations/1" },
      { timeoutMs: 5_000 },
    );
    const { metadata } = await call.then(
      () => new ConnectError("no error"),
      (error: unknown) => ConnectError.from(error),
    );
    return ["x-head", "x-trail", "x-error"].map((name) => metadata.get(name));
  };
  expect(await seen(createConnectTransport({ baseUrl, httpVersion: "2" }))).toEqual(["1", "2", "3"]);
  expect(await seen(createNodeGrpcTransport({ baseUrl }))).toEqual(["1", "2", "3"]);
  expect(await seen(own)).toEqual(["1", "2", "3"]);
  expect(Number.isInteger(timeoutMs)).toBe(true);
  const response = await fetch(`${baseUrl}/v1/operations/1`);
  expect([response.headers.get("x-head"), response.headers.get("x-error")]).toEqual(["1", "3"]);
});

test.each([undefined, null, "text"])("an implementation that returns %p is an error", async (returned) => {
  await using emulator = await startEmulator();
  emulator.serve(Builds, {
    build: () => returned,
    async *logs() {
      yield returned;
    },
  } as never); // the types of a service known only at run time: none
  const { baseUrl } = emulator;
  const build = await fetch(`${baseUrl}/v1/projects/p/builds/1:run`, { method: "POST" });
  expect([build.status, await build.json()]).toEqual([
    500,
    {
      error: expect.objectContaining({
        message: expect.stringContaining("test.v1.Builds.Build returned"),
      }),
    },
  ]);
  expect((await fetch(`${baseUrl}/v1/projects/p/builds/1/logs`)).status).toBe(500);
});

test.each([
  ["0.0.0.0", "127.0.0.1"],
  ["::", "[::1]"],
  ["::1", "[::1]"],
  ["localhost", "localhost"],
])("an emulator on %s is reached at %s", async (host, shown) => {
  await using emulator = await startEmulator({ host });
  expect(emulator.baseUrl).toBe(`http://${shown}:${emulator.port}`);
  expect((await fetch(`${emulator.baseUrl}/v1/operations`)).status).toBe(200);
});
