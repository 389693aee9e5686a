// SPDX-License-Identifier: Apache-2.0
import dns from "node:dns";
import type { AddressInfo } from "node:net";
import { createServer, isIP } from "node:net";
import { createClient, type Interceptor, type Transport } from "@connectrpc/connect";
import { createGrpcTransport as createGrpcTransportOfConnect } from "@connectrpc/connect-node";
import { credentials } from "@grpc/grpc-js";
import { Operations } from "../../gen/google/longrunning/operations_pb.js";
import { googleAuth } from "../../src/auth.js";
import { createGrpcJsTransport, createGrpcTransport } from "../../src/grpc.js";
import { createRestTransport } from "../../src/index.js";
import { closeAfterTest } from "../transport/raw-server.js";

/** Every name is the address of a server that is not this program's. */
const HOSTILE = "127.0.0.2";
const TOKEN = "planted-token";

/** A server that keeps what it is sent, and hangs up. */
async function startListener(host: string, port = 0) {
  let received = "";
  const server = createServer((socket) => {
    socket.on("error", () => undefined);
    socket.on("data", (chunk) => {
      received += chunk.toString("latin1");
      socket.destroy();
    });
  });
  await new Promise<void>((resolve) => server.listen(port, host, resolve));
  closeAfterTest(() => new Promise((resolve) => server.close(() => resolve())));
  return { port: (server.address() as AddressInfo).port, received: () => received };
}

beforeEach(() => {
  // As a resolver does that an attacker runs.
  const lookup = (name: string, ...rest: unknown[]) => {
    const address = isIP(name) === 0 ? HOSTILE : name;
    const callback = rest.at(-1);
    const all = Reflect.get(Object(rest[0]), "all") === true;
    if (typeof callback === "function") callback(null, ...(all ? [[{ address, family: 4 }]] : [address, 4]));
  };
  jest.spyOn(dns, "lookup").mockImplementation(lookup as unknown as typeof dns.lookup);
});

afterEach(() => {
  jest.restoreAllMocks();
});

const transports: [string, (host: string, interceptors: Interceptor[]) => Transport][] = [
  ["REST", (host, interceptors) => createRestTransport({ baseUrl: `http://${host}`, interceptors })],
  ["gRPC", (host, interceptors) => createGrpcTransport({ baseUrl: `http://${host}`, interceptors })],
  [
    "grpc-js",
    (host, interceptors) =>
      createGrpcJsTransport({ address: host, credentials: credentials.createInsecure(), interceptors }),
  ],
  [
    "connect-node's gRPC",
    (host, interceptors) => createGrpcTransportOfConnect({ baseUrl: `http://${host}`, interceptors }),
  ],
];

describe.each(transports)("in clear, over %s", (_, open) => {
  test.each(["localhost", "api.localhost"])(
    "a credential never goes where a resolver leads %s",
    async (name) => {
      const hostile = await startListener(HOSTILE);
      await startListener("127.0.0.1", hostile.port);
      const transport = open(`${name}:${hostile.port}`, [googleAuth({ token: TOKEN })]);
      await createClient(Operations, transport)
        .getOperation({ name: "operations/1" }, { timeoutMs: 5_000 })
        .catch(() => undefined);
      expect(hostile.received()).toBe("");
      if ("close" in transport && typeof transport.close === "function") await transport.close();
    },
  );
});
