// SPDX-License-Identifier: Apache-2.0
import { connect as connectHttp2, constants } from "node:http2";
import { connect } from "node:net";
import { create, type DescMessage, type MessageInitShape, toBinary } from "@bufbuild/protobuf";
import { WaitOperationRequestSchema } from "../../gen/google/longrunning/operations_pb.js";
import { type Emulator, startEmulator } from "../../src/emulator.js";
import { frame, PREFACE } from "../http2-frames.js";
import { headerBlock } from "./http2-frames.js";

// The record says what happened on the wire: a call whose client was gone before its response has neither a status nor an HTTP
// status, whatever the service made of it; one whose response went out has both.

const WAIT_PATH = "/google.longrunning.Operations/WaitOperation";
const NAME = "operations/1";
const bytesOf = <S extends DescMessage>(schema: S, init: MessageInitShape<S>) =>
  Buffer.from(toBinary(schema, create(schema, init)));
const MESSAGE = bytesOf(WaitOperationRequestSchema, { name: NAME, timeout: { seconds: 30n } });
const FRAME = Buffer.concat([Buffer.from([0, 0, 0, 0, MESSAGE.length]), MESSAGE]);
const REST_BODY = Buffer.from('{"timeout": "30s"}');
const JSON_BODY = Buffer.from(`{"name": "${NAME}", "timeout": "30s"}`);

/** How each protocol waits for an operation. */
const PROTOCOLS = {
  rest: { path: `/v1/${NAME}:wait`, type: "application/json", body: REST_BODY },
  connect: { path: WAIT_PATH, type: "application/json", body: JSON_BODY },
  "grpc-web": { path: WAIT_PATH, type: "application/grpc-web+proto", body: FRAME },
  grpc: { path: WAIT_PATH, type: "application/grpc", body: FRAME },
} as const;

type Protocol = keyof typeof PROTOCOLS;
type Stage = "in the middle of its body" | "while the server works" | "after the response";

interface EndedCall {
  readonly protocol: string;
  readonly status?: string;
  readonly httpStatus?: number;
}

/** The next call that ends. */
async function nextEnd({ baseUrl }: Emulator, act: () => Promise<void>): Promise<EndedCall> {
  const response = await fetch(`${baseUrl}/emulator/v1/calls:stream`);
  let text = "";
  const acting = act();
  for await (const chunk of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    text += chunk;
    const data = /^data: (.*)\n/m.exec(text)?.[1];
    if (data === undefined) continue;
    await acting;
    const { protocol, status, httpStatus } = JSON.parse(data);
    return { protocol, ...(status && { status }), ...(httpStatus && { httpStatus }) };
  }
  throw new Error("no call ended");
}

/** Resolves when the emulator works on a call. */
async function working(emulator: Emulator): Promise<void> {
  while (emulator.calls.at(-1)?.message === undefined) await new Promise(setImmediate);
}
async function arrived(emulator: Emulator): Promise<void> {
  while (emulator.calls.length === 0) await new Promise(setImmediate);
}

const upTo = (body: Buffer, stage: Stage) =>
  stage === "in the middle of its body" ? body.subarray(0, -1) : body;

async function overHttp1(emulator: Emulator, protocol: Protocol, stage: Stage): Promise<void> {
  const { path, type, body } = PROTOCOLS[protocol];
  const socket = connect(emulator.port, "127.0.0.1");
  socket.on("error", () => undefined);
  const head = `POST ${path} HTTP/1.1\r\nhost: localhost\r\ncontent-type: ${type}\r\ncontent-length: ${body.length}\r\n\r\n`;
  socket.write(Buffer.concat([Buffer.from(head), upTo(body, stage)]));
  if (stage === "in the middle of its body") await arrived(emulator);
  else await working(emulator);
  if (stage === "after the response") {
    emulator.operations.finish(NAME, { error: { code: 10 } });
    await new Promise((resolve) => socket.once("data", resolve));
  }
  socket.resetAndDestroy();
}

/** Resets a stream in the middle of its body, by frames: Node's client would end the body first. */
async function resetStream(emulator: Emulator, protocol: Protocol): Promise<void> {
  const { path, type, body } = PROTOCOLS[protocol];
  const [headers, data, rstStream, settings] = [1, 0, 3, 4];
  const socket = connect(emulator.port, "127.0.0.1");
  const part = upTo(body, "in the middle of its body");
  socket.write(
    Buffer.concat([
      PREFACE,
      frame(settings, 0, 0),
      frame(headers, 0x4, 1, headerBlock(path, type)),
      frame(data, 0, 1, part),
    ]),
  );
  await arrived(emulator);
  const cancel = Buffer.from([0, 0, 0, 8]);
  socket.end(frame(rstStream, 0, 1, cancel));
}

async function overHttp2(
  emulator: Emulator,
  protocol: Protocol,
  stage: Stage,
  leave: "stream" | "connection",
) {
  const { path, type, body } = PROTOCOLS[protocol];
  if (leave === "stream" && stage === "in the middle of its body") {
    await resetStream(emulator, protocol);
    return;
  }
  const session = connectHttp2(emulator.baseUrl);
  session.on("error", () => undefined);
  const stream = session.request({
    ":method": "POST",
    ":path": path,
    "content-type": type,
    ...(protocol === "grpc" && { te: "trailers" }),
  });
  stream.on("error", () => undefined);
  stream.write(upTo(body, stage));
  if (stage === "in the middle of its body") await arrived(emulator);
  else {
    stream.end();
    await working(emulator);
  }
  if (stage === "after the response") {
    emulator.operations.finish(NAME, { error: { code: 10 } });
    await new Promise((resolve) => stream.resume().once("end", resolve));
  }
  if (leave === "stream") {
    stream.close(constants.NGHTTP2_CANCEL);
    await new Promise((resolve) => session.ping(resolve));
  }
  session.destroy();
}

const OVER_HTTP1: readonly Protocol[] = ["rest", "connect", "grpc-web"];
const OVER_HTTP2: readonly Protocol[] = ["rest", "connect", "grpc-web", "grpc"];

const rows: [string, Protocol, (emulator: Emulator, stage: Stage) => Promise<void>][] = [
  ...OVER_HTTP1.map((protocol): (typeof rows)[number] => [
    `${protocol}, HTTP/1.1, connection reset`,
    protocol,
    (emulator, stage) => overHttp1(emulator, protocol, stage),
  ]),
  ...(["stream", "connection"] as const).flatMap((leave) =>
    OVER_HTTP2.map((protocol): (typeof rows)[number] => [
      `${protocol}, HTTP/2, ${leave} ended`,
      protocol,
      (emulator, stage) => overHttp2(emulator, protocol, stage, leave),
    ]),
  ),
];

describe.each(rows)("%s", (_, protocol, call) => {
  test.each(["in the middle of its body", "while the server works"] as const)(
    "a client that goes %s was told nothing",
    async (stage) => {
      await using emulator = await startEmulator({ closeGraceMs: 0 });
      emulator.operations.start({ id: "1", durationMs: Number.POSITIVE_INFINITY });
      expect(await nextEnd(emulator, () => call(emulator, stage))).toEqual({ protocol });
      expect(emulator.calls).toMatchObject([{ status: undefined, httpStatus: undefined }]);
    },
  );

  test("a client that goes after the response was told how the call ended", async () => {
    await using emulator = await startEmulator({ closeGraceMs: 0 });
    emulator.operations.start({ id: "1", durationMs: Number.POSITIVE_INFINITY });
    const ended = { protocol, status: "OK", httpStatus: 200 };
    expect(await nextEnd(emulator, () => call(emulator, "after the response"))).toEqual(ended);
  });
});

test("a request with trailers is a request", async () => {
  await using emulator = await startEmulator();
  emulator.operations.start({ id: "1", durationMs: 0 });
  const session = connectHttp2(emulator.baseUrl);
  const { path, type } = PROTOCOLS.grpc;
  const stream = session.request(
    { ":method": "POST", ":path": path, "content-type": type, te: "trailers" },
    { waitForTrailers: true },
  );
  stream.on("wantTrailers", () => stream.sendTrailers({ "x-checksum": "1" }));
  stream.end(FRAME);
  const trailers = await new Promise((resolve) => stream.resume().once("trailers", resolve));
  expect(trailers).toMatchObject({ "grpc-status": "0" });
  session.destroy();
  expect(emulator.calls).toMatchObject([{ status: "OK", httpStatus: 200 }]);
});

test("a connection that ends before a request is whole leaves no call", async () => {
  await using emulator = await startEmulator();
  for (const start of ["GET /v1/operations/1 HT", "PRI * HTTP/2.0\r\n\r\nSM", "\0\0\0\0"]) {
    const socket = connect(emulator.port, "127.0.0.1");
    socket.on("error", () => undefined);
    socket.end(start);
    await new Promise((resolve) => socket.resume().once("close", resolve));
  }
  expect(emulator.calls).toEqual([]);
});
