// SPDX-License-Identifier: Apache-2.0
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { cert, key } from "../emulator/certificate.js";
import { startTlsServer } from "../security/tls-server.js";
import { answerEmpty, startFramePeer } from "../transport/grpc-frame-peer.js";
import { closeAfterTest, closedPort, httpAnswer, startRawServer } from "../transport/raw-server.js";
import type { Fault, Reached } from "./fault.js";

/** Where a fault waits for its first call. */
export interface FaultServer {
  readonly origin: string;
  /** Puts an honest server where there was none. */
  recover(): Promise<void>;
}

export type Protocol = "http1" | "http2";

const ANSWER_JSON = '{"name":"operations/1"}';

/** Starts a server that misbehaves once, as `fault` says, and then answers as it should. */
export async function startFaultServer(
  fault: Fault,
  protocol: Protocol,
  reached: Reached,
): Promise<FaultServer> {
  if (fault.place === "an unknown host") {
    return { origin: "https://nowhere.invalid", recover: async () => {} };
  }
  const inner =
    fault.tls === true
      ? (await startTlsServer({ cert, key })).port
      : await startPlainServer(fault, protocol, reached);
  if (fault.place === "a closed port") {
    const port = await closedPort();
    return {
      origin: `http://127.0.0.1:${port}`,
      recover: async () => {
        await startFront(inner, port);
      },
    };
  }
  const { connection } = fault;
  const port =
    connection === undefined ? inner : await startFront(inner, 0, (first) => connection(first, reached));
  const origin = fault.tls === true ? `https://localhost:${port}` : `http://127.0.0.1:${port}`;
  return { origin, recover: async () => {} };
}

async function startPlainServer(fault: Fault, protocol: Protocol, reached: Reached): Promise<number> {
  if (protocol === "http1") {
    const { port } = await startRawServer((socket, _request, index) => {
      if (index === 0 && fault.http1 !== undefined) fault.http1(socket, reached);
      else socket.write(httpAnswer(200, ANSWER_JSON));
    });
    return port;
  }
  let calls = 0;
  const { port } = await startFramePeer((wire, { stream }) => {
    calls += 1;
    if (calls === 1 && fault.http2 !== undefined) fault.http2(wire, stream, reached);
    else answerEmpty(wire, stream);
  });
  return port;
}

/** Stands in front of the server on port `inner`: the first connection goes to `first`, others go through. */
async function startFront(inner: number, port: number, first?: (socket: Socket) => void): Promise<number> {
  let connections = 0;
  return listen(
    createServer((socket) => {
      socket.on("error", () => undefined);
      connections += 1;
      if (connections === 1 && first !== undefined) {
        socket.resume(); // or it would never see that the other side has closed
        first(socket);
        return;
      }
      const onward = connect(inner, "127.0.0.1");
      onward.on("error", () => socket.destroy());
      onward.on("close", () => socket.destroy());
      socket.on("close", () => onward.destroy());
      socket.pipe(onward).pipe(socket);
    }),
    port,
  );
}

async function listen(server: Server, port: number): Promise<number> {
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  closeAfterTest(() => {
    for (const socket of sockets) socket.destroy();
    return new Promise((resolve) => server.close(() => resolve()));
  });
  return (server.address() as AddressInfo).port;
}
