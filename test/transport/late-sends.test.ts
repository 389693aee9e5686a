// SPDX-License-Identifier: Apache-2.0
import { Code, createClient, type Interceptor, type Transport } from "@connectrpc/connect";
import { credentials } from "@grpc/grpc-js";
import { Pool } from "undici";
import { Operations } from "../../gen/google/longrunning/operations_pb.js";
import { startEmulator } from "../../src/emulator.js";
import { createGrpcJsTransport, createGrpcTransport } from "../../src/grpc.js";
import { createRestTransport, operationsHttpRules } from "../../src/index.js";
import { createFakeClock } from "../../src/testing.js";

// An interceptor may send a request a second time: beside the first one, or after the call has ended, when its deadline is gone.
// The server never answers these here. Without an end of their own, close() would wait for them forever.

type Closable = Transport & { close(): Promise<void> };

const httpRules = operationsHttpRules({ prefix: "/v1" });
const TRANSPORTS: Record<string, (baseUrl: string, interceptors: Interceptor[]) => Closable> = {
  "REST on node:http": (baseUrl, interceptors) =>
    createRestTransport({ baseUrl, httpRules, interceptors, defaultTimeoutMs: 60_000 }),
  "REST on fetch": (baseUrl, interceptors) =>
    createRestTransport({ baseUrl, httpRules, interceptors, defaultTimeoutMs: 60_000, fetch }),
  "REST on a dispatcher": (baseUrl, interceptors) => {
    const dispatcher = new Pool(baseUrl);
    const transport = createRestTransport({ baseUrl, httpRules, interceptors, dispatcher });
    const close = async () => {
      await transport.close();
      await dispatcher.close();
    };
    return { ...transport, close };
  },
  gRPC: (baseUrl, interceptors) => createGrpcTransport({ baseUrl, interceptors, defaultTimeoutMs: 60_000 }),
  "grpc-js": (baseUrl, interceptors) =>
    createGrpcJsTransport({
      address: new URL(baseUrl).host,
      credentials: credentials.createInsecure(),
      interceptors,
      defaultTimeoutMs: 60_000,
    }),
};

/** The transport, on a server that does not answer the second call and those after it. */
async function setUp(transport: string, interceptor: Interceptor) {
  const emulator = await startEmulator({
    clock: createFakeClock(),
    faults: [{ kind: "delay", minMs: 3_600_000, everyNth: 2 }],
    closeGraceMs: 0,
  });
  const name = emulator.operations.start({ parent: "operations", durationMs: 1 });
  const connected = TRANSPORTS[transport]?.(emulator.baseUrl, [interceptor]);
  if (connected === undefined) throw new Error(`no transport "${transport}"`);
  return { emulator, name, transport: connected, client: createClient(Operations, connected) };
}

test.each(Object.keys(TRANSPORTS))(
  "%s: a request that has not ended with its call is aborted",
  async (kind) => {
    const others: Promise<unknown>[] = [];
    const twice: Interceptor = (next) => async (request) => {
      const response = await next(request);
      others.push(next(request).catch((error: unknown) => error));
      return response;
    };
    const { emulator, name, transport, client } = await setUp(kind, twice);
    expect((await client.getOperation({ name })).name).toBe(name);
    await transport.close();
    expect(await Promise.all(others)).toEqual([expect.objectContaining({ code: Code.Canceled })]);
    await emulator.close();
  },
);

test.each(Object.keys(TRANSPORTS))(
  "%s: a request that begins after the end of its call is not sent",
  async (kind) => {
    let again: (() => Promise<unknown>) | undefined;
    const later: Interceptor = (next) => (request) => {
      again = () => next(request);
      return next(request);
    };
    const { emulator, name, transport, client } = await setUp(kind, later);
    await client.getOperation({ name });
    await expect(again?.()).rejects.toMatchObject({ code: Code.Canceled });
    await transport.close();
    expect(emulator.calls).toHaveLength(1);
    await emulator.close();
  },
);
