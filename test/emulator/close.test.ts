// SPDX-License-Identifier: Apache-2.0
import { once } from "node:events";
import { Agent, get, type IncomingMessage } from "node:http";
import { connect as connectHttp2 } from "node:http2";
import { connect } from "node:net";
import { Code, createClient } from "@connectrpc/connect";
import { createGrpcTransport } from "@connectrpc/connect-node";
import { Operations } from "../../gen/google/longrunning/operations_pb.js";
import { startEmulator } from "../../src/emulator.js";
import { createFakeClock } from "../../src/testing.js";
import { runEmulatorProgram } from "./run-emulator-program.js";

test("a closed emulator leaves nothing that keeps its process alive, whatever was connected", async () => {
  const emulator = await runEmulatorProgram({});
  const agent = new Agent({ keepAlive: true });
  const idle = await new Promise<IncomingMessage>((resolve) =>
    get(`${emulator.baseUrl}/`, { agent }, resolve),
  );
  await once(idle.resume(), "end");
  const session = connectHttp2(emulator.baseUrl);
  await once(session, "remoteSettings");
  const silent = connect(emulator.port, "127.0.0.1");
  await once(silent, "connect");
  const halfRequest = connect(emulator.port, "127.0.0.1");
  halfRequest.on("error", () => undefined).write("GET / HT");
  await fetch(`${emulator.baseUrl}/v1/networks/1/reports/2:run`, {
    method: "POST",
    headers: { connection: "close" },
  });

  emulator.process.stdin.end();
  expect(await emulator.ended).toBe(0);
  agent.destroy();
  session.destroy();
  silent.destroy();
  halfRequest.destroy();
});

test("a wait under way is answered with the latest state when the emulator closes", async () => {
  const clock = createFakeClock();
  const emulator = await startEmulator({ clock });
  const client = createClient(Operations, createGrpcTransport({ baseUrl: emulator.baseUrl }));
  const name = emulator.operations.start();
  const wait = client.waitOperation({ name });
  const restWait = fetch(`${emulator.baseUrl}/v1/${name}:wait`, { method: "POST" });
  await clock.whenSleeping(2);
  await emulator.close();
  expect(await wait).toMatchObject({ name, done: false });
  expect(await (await restWait).json()).toEqual({ name });
});

test("calls that outlast the grace are answered UNAVAILABLE", async () => {
  const clock = createFakeClock();
  const emulator = await startEmulator({
    clock,
    closeGraceMs: 10,
    faults: [{ kind: "delay", minMs: 1_000 }],
  });
  const client = createClient(Operations, createGrpcTransport({ baseUrl: emulator.baseUrl }));
  const call = expect(client.getOperation({ name: "operations/1" })).rejects.toMatchObject({
    code: Code.Unavailable,
  });
  const restCall = fetch(`${emulator.baseUrl}/v1/operations/1`);
  await clock.whenSleeping(2);
  await emulator.close();
  await call;
  expect((await restCall).status).toBe(503);
  expect(clock.pending).toEqual([]);
});

test("calls that do not heed their signal are cut", async () => {
  const emulator = await startEmulator({ closeGraceMs: 10 });
  const reached = new Promise<void>((resolve) => {
    emulator.serve(Operations, {
      getOperation: () => {
        resolve();
        return new Promise(() => undefined);
      },
    });
  });
  const call = expect(fetch(`${emulator.baseUrl}/v1/operations/1`)).rejects.toThrow();
  await reached;
  await emulator.close();
  await call;
});

test("closing twice is closing once, and the port is free afterwards", async () => {
  const first = await startEmulator();
  await Promise.all([first.close(), first.close()]);
  await using second = await startEmulator({ port: first.port });
  expect(second.port).toBe(first.port);
});

test("a port that is taken is the system's error", async () => {
  await using first = await startEmulator();
  await expect(startEmulator({ port: first.port })).rejects.toMatchObject({ code: "EADDRINUSE" });
});
