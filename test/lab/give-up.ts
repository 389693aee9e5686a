// SPDX-License-Identifier: Apache-2.0
import { fork } from "node:child_process";
import { createClient } from "@connectrpc/connect";
import { Operations } from "../../gen/google/longrunning/operations_pb.js";
import { createGrpcTransport } from "../../src/grpc.js";
import { cert } from "../emulator/certificate.js";
import { type LabCase, type Told, toKey } from "./protocol.js";

// Fresh transports whose first call is given up at a random moment between 0 and 20 ms, by signal or by deadline: `count` of
// them in plain text, and as many over TLS; one more call must succeed then. Prints, as JSON, how many there were of each and
// how the calls ended.

const AT_ONCE = 4;
const MAX_MS = 20;
const KNOWN = ["accepted", "aborted-by-caller", "deadline-exceeded"];

const [serverFile = "", count = "1000"] = process.argv.slice(2);

async function giveUp(options: Parameters<typeof createGrpcTransport>[0]): Promise<string> {
  const transport = createGrpcTransport(options);
  const ms = Math.random() * MAX_MS;
  const controller = new AbortController();
  const byDeadline = Math.random() < 0.3;
  const call = createClient(Operations, transport).cancelOperation(
    { name: "operations/1" },
    byDeadline ? { timeoutMs: Math.max(1, ms) } : { signal: controller.signal },
  );
  // In the same tick, in the next ones, or later.
  const abort = () => controller.abort();
  if (ms < 1) abort();
  else if (ms < 2) queueMicrotask(abort);
  else if (ms < 3) setImmediate(abort);
  else setTimeout(abort, ms);
  const ending = await call.then(
    () => "accepted",
    (error: Error & { reason?: string }) =>
      error.reason === "unavailable" ? String(error) : (error.reason ?? String(error)),
  );
  await transport.close();
  return ending;
}

async function run(): Promise<void> {
  const child = fork(serverFile);
  const ports = new Map<string, (port: number) => void>();
  child.on("message", (told: Told) => {
    if (told.kind === "listening") ports.get(told.key)?.(told.port);
  });
  const endings: Record<string, number> = {};
  for (const tls of [false, true]) {
    const labCase: LabCase = {
      subject: "gRPC",
      protocol: "http2",
      tls,
      stage: "none",
      act: "silence",
      event: undefined,
    };
    const listening = new Promise<number>((resolve) => ports.set(toKey(labCase), resolve));
    child.send({ kind: "serve", case: labCase });
    const baseUrl = `${tls ? "https" : "http"}://localhost:${await listening}`;
    const options = { baseUrl, ...(tls && { tls: { ca: cert } }) };
    let left = Number(count);
    const worker = async () => {
      while (left-- > 0) {
        const ending = await giveUp(options);
        endings[ending] = (endings[ending] ?? 0) + 1;
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
    const last = createGrpcTransport(options);
    await createClient(Operations, last).cancelOperation({ name: "operations/1" });
    await last.close();
  }
  child.disconnect();
  const others = Object.keys(endings).filter((ending) => !KNOWN.includes(ending));
  console.log(JSON.stringify({ count: Number(count), endings, others }));
}

void run();
