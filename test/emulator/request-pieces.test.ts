// SPDX-License-Identifier: Apache-2.0
import { connect } from "node:net";
import { MAX_REQUEST_PIECES } from "../../src/budgets/budgets.js";
import { type Emulator, startEmulator } from "../../src/emulator.js";
import { createFrameParser, FLAG, FRAME, frame, PREFACE } from "../http2-frames.js";
import { headerBlock } from "./http2-frames.js";
import { rawExchange } from "./raw-request.js";

const CANCEL_PATH = "/v1/operations/1:cancel";
const GET_PATH = "/google.longrunning.Operations/GetOperation";
const TOO_MANY = MAX_REQUEST_PIECES + 1;
const ALLOWED = MAX_REQUEST_PIECES - 5;

async function startOne(): Promise<Emulator> {
  const emulator = await startEmulator();
  emulator.operations.start({ id: "1" });
  return emulator;
}

/** A cancel whose body is in chunks of one byte. The last of them is missing: the server ends the connection itself. */
const chunked = (pieces: number) => {
  const chunks = [..."{}".padEnd(pieces, " ")].map((byte) => `1\r\n${byte}\r\n`).join("");
  const end = pieces > MAX_REQUEST_PIECES ? "" : "0\r\n\r\n";
  const head = `POST ${CANCEL_PATH} HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n`;
  return `${head}connection: close\r\ntransfer-encoding: chunked\r\n\r\n${chunks}${end}`;
};

test("over HTTP/1.1, a body in more pieces than allowed is rejected, one in fewer is read", async () => {
  await using emulator = await startOne();
  expect(await rawExchange(emulator.port, chunked(ALLOWED))).toMatch(/^HTTP\/1\.1 200 /);
  const response = await rawExchange(emulator.port, chunked(TOO_MANY));
  expect(response).toMatch(/^HTTP\/1\.1 413 /);
  expect(response).toContain("comes in more than 100000 pieces");
});

const WINDOW_UPDATE = 8;

/** Sends a body in pieces of one byte, and no end, on stream 1. Resolves with the frames that come back on it: `type flags`. */
function sendPieces(port: number, path: string, type: string): Promise<string[]> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1");
    const frames: string[] = [];
    const parse = createFrameParser(0);
    socket.on("error", reject);
    socket.on("close", () => resolve(frames));
    socket.on("data", (chunk) => {
      for (const { type, flags, stream, payload } of parse(chunk)) {
        if (type === FRAME.ping) socket.end();
        if (stream !== 1 || type === WINDOW_UPDATE) continue;
        frames.push(type === FRAME.rstStream ? `RST_STREAM ${payload.readUInt32BE()}` : `${type} ${flags}`);
        const isOver = type === FRAME.rstStream || (type === FRAME.data && (flags & FLAG.endStream) !== 0);
        if (isOver) socket.write(frame(FRAME.ping, 0, 0, Buffer.alloc(8)));
      }
    });
    socket.write(
      Buffer.concat([
        PREFACE,
        frame(FRAME.settings, 0, 0),
        frame(FRAME.headers, FLAG.endHeaders, 1, headerBlock(path, type)),
        ...Array.from({ length: TOO_MANY }, () => frame(FRAME.data, 0, 1, Buffer.from(" "))),
      ]),
    );
  });
}

const [NO_ERROR, END_STREAM] = ["RST_STREAM 0", "0 1"];

test.each([
  ["gRPC", GET_PATH, "application/grpc", ["1 5", NO_ERROR], "RESOURCE_EXHAUSTED", 200],
  ["REST", CANCEL_PATH, "application/json", ["1 4", "0 0", END_STREAM], "INVALID_ARGUMENT", 413],
])(
  "over HTTP/2, the stream ends with its response: %s",
  async (_, path, type, frames, status, httpStatus) => {
    await using emulator = await startOne();
    expect(await sendPieces(emulator.port, path, type)).toEqual(frames);
    expect(emulator.calls).toMatchObject([{ status, httpStatus }]);
  },
);
