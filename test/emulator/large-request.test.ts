// SPDX-License-Identifier: Apache-2.0
import { connect as connectTcp } from "node:net";
import { connect as connectTls } from "node:tls";
import { startEmulator } from "../../src/emulator.js";
import { cert, key } from "./certificate.js";

const HEAD = "POST /v1/operations/1:cancel HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n";

test.each([
  ["TLS, all of it sent", true, `content-length: 1200\r\n\r\n${"x".repeat(1200)}`],
  ["TLS, announced and not sent", true, "content-length: 900000000\r\n\r\n{"],
  ["TLS, chunked", true, `transfer-encoding: chunked\r\n\r\n4b0\r\n${"x".repeat(1200)}\r\n0\r\n\r\n`],
  ["cleartext, all of it sent", false, `content-length: 1200\r\n\r\n${"x".repeat(1200)}`],
  ["cleartext, announced and not sent", false, "content-length: 900000000\r\n\r\n{"],
])("a request that is too large ends its connection: %s", async (_, isTls, rest) => {
  await using emulator = await startEmulator({
    maxRequestBytes: 1_000,
    ...(isTls && { tls: { cert, key } }),
  });
  const socket = isTls
    ? connectTls({ port: emulator.port, host: "127.0.0.1", ca: cert })
    : connectTcp(emulator.port, "127.0.0.1");
  let text = "";
  socket.on("data", (chunk) => {
    text += String(chunk);
  });
  socket.on("error", () => undefined);
  socket.write(HEAD + rest);
  await new Promise((resolve) => socket.once("close", resolve));
  expect(text).toMatch(/^HTTP\/1\.1 413 /);
  expect(text.toLowerCase()).toContain("connection: close");
});

test.each([true, false])("a request without an end is ended by the server, over TLS: %s", async (isTls) => {
  await using emulator = await startEmulator({
    maxRequestBytes: 1_000,
    ...(isTls && { tls: { cert, key } }),
  });
  const socket = isTls
    ? connectTls({ port: emulator.port, host: "127.0.0.1", ca: cert })
    : connectTcp(emulator.port, "127.0.0.1");
  socket.on("error", () => undefined).resume();
  socket.write(`${HEAD}transfer-encoding: chunked\r\n\r\n`);
  const chunk = `10000\r\n${"x".repeat(65_536)}\r\n`;
  let written = 0;
  const writeOn = () => {
    while (written < 2_000 && socket.writable && socket.write(chunk)) written++;
  };
  socket.on("drain", writeOn);
  writeOn();
  await new Promise((resolve) => socket.once("close", resolve));
  expect(written).toBeLessThan(2_000);
});

test.each([
  ["nested JSON", "[".repeat(600), "nested deeper than 512 levels"],
  ["very many values", `[${"1,".repeat(250_000)}1]`, "more than 250000 values"],
])("a request of %s is rejected before it is decoded", async (_what, body, problem) => {
  await using emulator = await startEmulator();
  emulator.operations.start({ id: "1" });
  const response = await fetch(`${emulator.baseUrl}/v1/operations/1:cancel`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body,
  });
  expect(response.status).toBe(400);
  expect(await response.text()).toContain(problem);
});
