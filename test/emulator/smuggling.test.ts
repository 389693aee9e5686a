// SPDX-License-Identifier: Apache-2.0
import { once } from "node:events";
import { connect } from "node:net";
import { type Emulator, startEmulator } from "../../src/emulator.js";

// Requests of which two servers in a row could disagree where they end: the second request in them must never be answered.

let emulator: Emulator;
beforeEach(async () => {
  emulator = await startEmulator();
});
afterEach(() => emulator.close());

const target = "/v1/operations/1:cancel";
const hidden = `POST ${target} HTTP/1.1\r\nhost: localhost\r\ncontent-length: 0\r\n\r\n`;
const chunked = `0\r\n\r\n${hidden}`;

const smuggled: [shape: string, head: string, body: string][] = [
  ["two lengths", `content-length: 0\r\ncontent-length: ${hidden.length}\r\n`, hidden],
  ["a length in a list", `content-length: 0, ${hidden.length}\r\n`, hidden],
  ["a length with a sign", "content-length: +0\r\n", hidden],
  [
    "a length beside a transfer coding",
    `content-length: ${chunked.length}\r\ntransfer-encoding: chunked\r\n`,
    chunked,
  ],
  ["a transfer coding that is not chunked in the end", "transfer-encoding: chunked, identity\r\n", chunked],
  ["a transfer coding with a blank in its name", "transfer-encoding : chunked\r\n", chunked],
  ["a transfer coding on a folded line", "x: y\r\n transfer-encoding: chunked\r\n", chunked],
  ["a bare line feed in a header", "x: y\ntransfer-encoding: chunked\r\n", chunked],
  ["a NUL in a header", "x: y\0\r\n", hidden],
];

test.each(smuggled)("refuses %s, and does not see the request behind it", async (_, head, body) => {
  emulator.operations.start({ id: "1" });
  const socket = connect(emulator.port, "127.0.0.1");
  let answer = "";
  socket.on("data", (chunk) => {
    answer += chunk.toString("latin1");
  });
  socket.write(`GET /v1/operations/1 HTTP/1.1\r\nhost: localhost\r\n${head}\r\n${body}`);
  await once(socket, "close");
  expect(answer).toMatch(/^HTTP\/1\.1 400 /);
  expect(emulator.operations.find("operations/1")?.cancelRequested).toBe(false);
  expect(emulator.calls.map((call) => call.method)).not.toContain(
    "google.longrunning.Operations.CancelOperation",
  );
});
