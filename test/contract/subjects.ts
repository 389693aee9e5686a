// SPDX-License-Identifier: Apache-2.0
import type { Interceptor, ServiceImpl, Transport } from "@connectrpc/connect";
import {
  createConnectTransport,
  createGrpcWebTransport,
  createGrpcTransport as createNodeGrpcTransport,
  Http2SessionManager,
} from "@connectrpc/connect-node";
import { credentials } from "@grpc/grpc-js";
import { Operations } from "../../gen/google/longrunning/operations_pb.js";
import { startEmulator } from "../../src/emulator.js";
import { createGrpcJsTransport, createGrpcTransport } from "../../src/grpc.js";
import { createRestTransport } from "../../src/index.js";
import type { EmulatorOperations } from "../../src/testing.js";
import { createFakeClock, createFakeOperations, type FakeClock } from "../../src/testing.js";
import { laneCredential } from "../credential-lane.js";

/** A transport, and the server behind it, whose time stands still until the test moves it. */
export interface Subject {
  readonly transport: Transport;
  readonly operations: EmulatorOperations;
  readonly clock: FakeClock;
  close(): Promise<void>;
}

/** What the server is, where a test brings its own. */
export type OwnOperations = Partial<ServiceImpl<typeof Operations>>;

export type StartSubject = (own?: OwnOperations) => Promise<Subject>;

interface Connection {
  readonly transport: Transport;
  close?(): unknown;
}

/** operations.proto has no rule for Wait; services that have the method bind it like this. */
const httpRules = [
  {
    selector: "google.longrunning.Operations.WaitOperation",
    post: "/v1/{name=operations/**}:wait",
    body: "*",
  },
];

type Connect = (baseUrl: string, interceptors?: Interceptor[]) => Connection;

const connectRest: Connect = (baseUrl, interceptors) => {
  const transport = createRestTransport({ baseUrl, httpRules, interceptors });
  return { transport, close: () => transport.close() };
};

const connectGrpc: Connect = (baseUrl, interceptors) => {
  const transport = createGrpcTransport({ baseUrl, interceptors });
  return { transport, close: () => transport.close() };
};

const connections: Record<string, Connect> = {
  REST: connectRest,
  "REST with a credential": (baseUrl) => connectRest(baseUrl, [laneCredential()]),
  gRPC: connectGrpc,
  "gRPC with a credential": (baseUrl) => connectGrpc(baseUrl, [laneCredential()]),
  "gRPC over a grpc-js channel": (baseUrl) => {
    const transport = createGrpcJsTransport({
      address: new URL(baseUrl).host,
      credentials: credentials.createInsecure(),
    });
    return { transport, close: () => transport.close() };
  },
  "gRPC by connect-node": (baseUrl) => {
    const sessionManager = new Http2SessionManager(baseUrl);
    return {
      transport: createNodeGrpcTransport({ baseUrl, sessionManager }),
      close: () => sessionManager.abort(),
    };
  },
  "gRPC-Web by connect-node": (baseUrl) => ({
    transport: createGrpcWebTransport({ baseUrl, httpVersion: "1.1" }),
  }),
  "Connect by connect-node": (baseUrl) => ({
    transport: createConnectTransport({ baseUrl, httpVersion: "1.1" }),
  }),
};

function overSocket(connect: Connect): StartSubject {
  return async (own) => {
    const clock = createFakeClock({ startMs: Date.UTC(2026, 0, 1) + 0.567 });
    const emulator = await startEmulator({ clock });
    if (own !== undefined) emulator.serve(Operations, own);
    const { transport, close } = connect(emulator.baseUrl);
    return {
      transport,
      operations: emulator.operations,
      clock,
      close: async () => {
        await close?.();
        await emulator.close();
      },
    };
  };
}

/** The same service without a socket. */
const inProcess: StartSubject = async (own) => {
  const fake = createFakeOperations({ clock: createFakeClock({ startMs: Date.UTC(2026, 0, 1) + 0.567 }) });
  if (own !== undefined) fake.serve(Operations, own);
  return { ...fake, close: async () => {} };
};

/** Every transport that the contract holds for. The last one is the measure of the others. */
export const subjects: [name: string, start: StartSubject][] = [
  ...Object.entries(connections).map(([name, connect]): [string, StartSubject] => [
    name,
    overSocket(connect),
  ]),
  ["in-process", inProcess],
];
