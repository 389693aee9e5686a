// SPDX-License-Identifier: Apache-2.0
import { Code, createClient } from "@connectrpc/connect";
import { Operations } from "../../gen/google/longrunning/operations_pb.js";
import { createGrpcTransport } from "../../src/grpc.js";
import { answerEmpty, startFramePeer } from "./grpc-frame-peer.js";
import { closedAfterTest, errorOf } from "./grpc-peers.js";
import { TELLS_BREACHES } from "./tells-breaches.js";

// After a breach of HTTP/2, the session of an older Node neither reads nor writes any more, and says so to nobody.

/** A server whose first connection breaks HTTP/2 with DATA before HEADERS; the others answer. */
const startBreachingPeer = () =>
  startFramePeer((wire, { connection, stream }) => {
    if (connection === 0) wire.data(stream, Buffer.alloc(5));
    else answerEmpty(wire, stream);
  });

test("a connection that went dumb after a breach is given up, and the next one serves", async () => {
  const { baseUrl, received } = await startBreachingPeer();
  const transport = closedAfterTest(createGrpcTransport({ baseUrl }));
  const client = createClient(Operations, transport);
  if (!TELLS_BREACHES) {
    const first = await errorOf(client.cancelOperation({ name: "operations/1" }, { timeoutMs: 1_000 }));
    expect(first).toMatchObject({ code: Code.DeadlineExceeded });
  }

  // The calls that still go over the dumb connection end with it; the one after them gets another connection.
  const second = await errorOf(client.cancelOperation({ name: "operations/1" }, { timeoutMs: 15_000 }));
  expect(second).toMatchObject({ code: Code.Unavailable });
  await client.cancelOperation({ name: "operations/1" }, { timeoutMs: 15_000 });
  expect(received).toHaveLength(2);
});

test("close() resolves after a breach", async () => {
  const { baseUrl } = await startBreachingPeer();
  const transport = createGrpcTransport({ baseUrl });
  const client = createClient(Operations, transport);
  await errorOf(client.cancelOperation({ name: "operations/1" }, { timeoutMs: 100 }));
  await transport.close();
});
