// SPDX-License-Identifier: Apache-2.0
import { bundleProgram, type ChildProgram } from "./child-program.js";
import { closedPort, httpAnswer, startRawServer } from "./raw-server.js";

let program: ChildProgram;
beforeAll(() => {
  program = bundleProgram("test/transport/rest-program.ts");
});
afterAll(() => program.remove());

// Each connection would keep a program for longer than it may run here.

test("a program ends by itself after a call, while its connection is still alive", async () => {
  const server = await startRawServer((socket) => {
    socket.write(httpAnswer(200, '{"name":"operations/1"}', { "keep-alive": "timeout=60" }));
  });
  const { output, status } = await program.run(server.baseUrl);
  expect({ output, status }).toEqual({ output: expect.stringMatching(/^operations\/1\n/), status: 0 });
});

test("a program ends by itself after a call to a server that is not there", async () => {
  const { output, status } = await program.run(`http://127.0.0.1:${await closedPort()}`);
  expect({ output, status }).toEqual({ output: expect.stringContaining("ECONNREFUSED"), status: 0 });
});

test("a program ends by itself after a call whose connection never came about", async () => {
  const server = await startRawServer(() => undefined); // it never answers the TLS handshake
  const { output, status } = await program.run(server.baseUrl.replace("http:", "https:"), "300");
  expect({ output, status }).toEqual({ output: expect.stringContaining("deadline_exceeded"), status: 0 });
});
