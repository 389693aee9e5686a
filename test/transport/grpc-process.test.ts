// SPDX-License-Identifier: Apache-2.0
import { bundleProgram, type ChildProgram } from "./child-program.js";
import { answerEmpty, GRPC_HEAD, startFramePeer } from "./grpc-frame-peer.js";
import { type Peer, startHttp2Peer } from "./grpc-peers.js";
import { closedPort, startRawServer } from "./raw-server.js";

let program: ChildProgram;
beforeAll(() => {
  program = bundleProgram("test/transport/grpc-program.ts");
});
afterAll(() => program.remove());

// Each connection would keep a program for longer than it may run here.

test("a program ends by itself after a call, while its connection is still alive", async () => {
  const server = await startFramePeer((wire, { stream }) => answerEmpty(wire, stream));
  const { output, status } = await program.run(server.baseUrl, "60000");
  expect({ output, status }).toEqual({
    output: expect.stringMatching(/^google\.protobuf\.Empty\n/),
    status: 0,
  });
});

test("a program ends by itself after a call that its deadline ended", async () => {
  const server = await startFramePeer((wire, { stream }) => wire.headers(stream, GRPC_HEAD));
  const { output, status } = await program.run(server.baseUrl, "200");
  expect({ output, status }).toEqual({ output: expect.stringContaining("deadline_exceeded"), status: 0 });
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

/** An HTTP/2 server that answers every call. */
function startAnsweringPeer(): Promise<Peer> {
  return startHttp2Peer((stream) => {
    stream.resume();
    stream.respond({ ":status": 200, "content-type": "application/grpc" }, { waitForTrailers: true });
    stream.on("wantTrailers", () => stream.sendTrailers({ "grpc-status": "0" }));
    stream.end(Buffer.alloc(5));
  });
}

test("a program lives on whose calls are given up while their connection is being made", async () => {
  const givenUp = bundleProgram("test/transport/grpc-given-up-program.ts");
  const peer = await startAnsweringPeer();
  const { output, status } = await givenUp.run(peer.baseUrl, "200");
  givenUp.remove();
  expect({ output, status }).toEqual({
    output: `${JSON.stringify({ others: [], last: "google.protobuf.Empty" })}\n`,
    status: 0,
  });
});
