// SPDX-License-Identifier: Apache-2.0
import { get } from "node:https";
import { connect } from "node:net";
import { createClient, type Transport } from "@connectrpc/connect";
import {
  createConnectTransport,
  createGrpcTransport,
  createGrpcWebTransport,
} from "@connectrpc/connect-node";
import { Operations } from "../../gen/google/longrunning/operations_pb.js";
import { startEmulator } from "../../src/emulator.js";
import { cert, key } from "./certificate.js";

const nodeOptions = { ca: cert };

test("every protocol is served over TLS, on one port", async () => {
  await using emulator = await startEmulator({ tls: { cert, key } });
  const { baseUrl } = emulator;
  expect(baseUrl).toBe(`https://127.0.0.1:${emulator.port}`);
  const name = emulator.operations.start();
  const transports: Transport[] = [
    createGrpcTransport({ baseUrl, nodeOptions }),
    createGrpcWebTransport({ baseUrl, httpVersion: "1.1", nodeOptions }),
    createConnectTransport({ baseUrl, httpVersion: "2", nodeOptions }),
  ];
  for (const transport of transports) {
    expect(await createClient(Operations, transport).getOperation({ name })).toMatchObject({ name });
  }
  const status = await new Promise((resolve, reject) => {
    const request = get(`${baseUrl}/v1/${name}`, { ca: cert, agent: false }, (response) => {
      response.resume().on("end", () => resolve(response.statusCode));
    });
    request.on("error", reject);
  });
  expect(status).toBe(200);
  expect(emulator.calls.map(({ protocol }) => protocol)).toEqual(["grpc", "grpc-web", "connect", "rest"]);
});

test("bytes that are no TLS do it no harm", async () => {
  await using emulator = await startEmulator({ tls: { cert, key } });
  await new Promise((resolve) => {
    const socket = connect(emulator.port, "127.0.0.1");
    socket.on("error", () => undefined).on("close", resolve);
    socket.resume().write("GET / HTTP/1.1\r\n\r\n");
  });
  const transport = createGrpcTransport({ baseUrl: emulator.baseUrl, nodeOptions });
  const name = emulator.operations.start();
  expect(await createClient(Operations, transport).getOperation({ name })).toMatchObject({ name });
});
