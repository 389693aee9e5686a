// SPDX-License-Identifier: Apache-2.0
import { type ChildProcess, fork } from "node:child_process";
import { createClient } from "@connectrpc/connect";
import { credentials } from "@grpc/grpc-js";
import { Operations } from "../../gen/google/longrunning/operations_pb.js";
import { createGrpcJsTransport, createGrpcTransport } from "../../src/grpc.js";
import { createRestTransport } from "../../src/index.js";
import { cert } from "../emulator/certificate.js";
import { type LabCase, type LabResult, type Order, type Told, toKey } from "./protocol.js";
import { flawsOf, LAB } from "./table.js";

// Runs the table of the connect lab against servers in another process, and prints, as JSON, how many cases there were and
// what is wrong with which. It must end by itself: a socket or a timer that is left keeps it alive.

const AT_ONCE = 8;
const SHORT_MS = 1_000;
const LONG_MS = 8_000;
const NEXT_MS = 2_000;
const NEXT_ATTEMPTS = 10;

const [serverFile = "", only = ""] = process.argv.slice(2);

/** How a call ended. */
interface Ending {
  readonly ending: string;
  readonly requestSent: boolean | undefined;
  readonly message: string;
}

interface Lab {
  serve(labCase: LabCase): Promise<number>;
  reached(labCase: LabCase): Promise<void>;
  stop(labCase: LabCase): void;
}

function startLab(child: ChildProcess): Lab {
  const waiting = new Map<string, (value: number) => void>();
  child.on("message", (told: Told) => {
    waiting.get(`${told.kind} ${told.key}`)?.(told.kind === "listening" ? told.port : 0);
  });
  const send = (order: Order) => child.send(order);
  const toldOf = (kind: Told["kind"], labCase: LabCase) =>
    new Promise<number>((resolve) => waiting.set(`${kind} ${toKey(labCase)}`, resolve));
  return {
    serve(labCase) {
      const listening = toldOf("listening", labCase);
      send({ kind: "serve", case: labCase });
      return listening;
    },
    reached: async (labCase) => {
      await toldOf("reached", labCase);
    },
    stop: (labCase) => send({ kind: "stop", case: labCase }),
  };
}

function connect({ subject, tls, stage }: LabCase, port: number) {
  const host = stage === "lookup" ? "lab.invalid" : "localhost";
  const baseUrl = `${tls ? "https" : "http"}://${host}:${port}`;
  const options = { baseUrl, allowInsecure: true, ...(tls && { tls: { ca: cert } }) };
  if (subject === "REST") return createRestTransport(options);
  if (subject === "gRPC") return createGrpcTransport(options);
  return createGrpcJsTransport({
    address: `${host === "localhost" && !tls ? "127.0.0.1" : host}:${port}`,
    credentials: tls ? credentials.createSsl(Buffer.from(cert)) : credentials.createInsecure(),
    channelOptions: { "grpc.initial_reconnect_backoff_ms": 100 },
  });
}

async function endingOf(call: Promise<unknown>): Promise<Ending> {
  try {
    await call;
    return { ending: "ok", requestSent: undefined, message: "" };
  } catch (error) {
    const { reason = "no CallError", requestSent } = error as { reason?: string; requestSent?: boolean };
    return { ending: reason, requestSent, message: String(error) };
  }
}

async function runCase(lab: Lab, labCase: LabCase): Promise<LabResult> {
  const { event, stage } = labCase;
  const port = stage === "lookup" ? 1 : await lab.serve(labCase);
  const transport = connect(labCase, port);
  const operations = createClient(Operations, transport);
  const controller = new AbortController();
  const reached = stage === "lookup" ? Promise.resolve() : lab.reached(labCase);
  const timeoutMs = event === "deadline" || event === "close" ? SHORT_MS : LONG_MS;
  const call = endingOf(
    operations.deleteOperation({ name: "operations/1" }, { signal: controller.signal, timeoutMs }),
  );
  if (event === "abort") void reached.then(() => controller.abort());
  const closing = event === "close" ? Promise.race([reached, call]).then(() => transport.close()) : undefined;
  const { ending, requestSent, message } = await call;
  await closing;
  let next = await endingOf(operations.deleteOperation({ name: "operations/2" }, { timeoutMs: NEXT_MS }));
  // A channel of grpc-js waits after a failed connection, and fails calls meanwhile.
  for (
    let attempt = 1;
    attempt < NEXT_ATTEMPTS && next.ending === "unavailable" && stage !== "lookup";
    attempt++
  ) {
    await new Promise((resolve) => setTimeout(resolve, 50));
    next = await endingOf(operations.deleteOperation({ name: "operations/2" }, { timeoutMs: NEXT_MS }));
  }
  await transport.close();
  if (stage !== "lookup") lab.stop(labCase);
  return { key: toKey(labCase), call: ending, requestSent, message, next: next.ending };
}

async function run(): Promise<void> {
  const child = fork(serverFile);
  const lab = startLab(child);
  const cases = LAB.filter((labCase) => toKey(labCase).includes(only));
  const queue = [...cases];
  const flaws: Record<string, string[]> = {};
  const worker = async () => {
    for (let labCase = queue.shift(); labCase !== undefined; labCase = queue.shift()) {
      const found = flawsOf(labCase, await runCase(lab, labCase));
      if (found.length > 0) flaws[toKey(labCase)] = found;
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  child.disconnect();
  console.log(JSON.stringify({ cases: cases.length, flaws }));
}

void run();
