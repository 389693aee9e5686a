// SPDX-License-Identifier: Apache-2.0
import { type ChildProcess, fork } from "node:child_process";
import dns from "node:dns";
import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { createClient } from "@connectrpc/connect";
import { credentials } from "@grpc/grpc-js";
import { Operations } from "../../gen/google/longrunning/operations_pb.js";
import { createGrpcJsTransport, createGrpcTransport } from "../../src/grpc.js";
import { createRestTransport } from "../../src/index.js";
import { cert } from "../emulator/certificate.js";
import { lookUp } from "./dns.js";
import { type LabCase, type LabResult, type Order, type Told, toHost, toKey } from "./protocol.js";
import { flawsOf, LAB, nextOf } from "./table.js";

// Runs the table of the connect lab against servers in another process, and prints, as JSON, how many cases there were and
// what is wrong with which. It must end by itself: a socket or a timer that is left keeps it alive.

const AT_ONCE = 24;
const SHORT_MS = 1_000;
const LONG_MS = 15_000;
const NEXT_MS = 8_000;
const NEXT_ATTEMPTS = 20;
/** More connections than a backlog of one takes; and the time that they, and calls after them, have to get there. */
const FILLERS = 4;
const SETTLE_MS = 200;

type LookupCallback = (error: Error | null, found: string | dns.LookupAddress[], family?: number) => void;

const [serverFile = "", only = ""] = process.argv.slice(2);

/** How a call ended. */
interface Ending {
  readonly ending: string;
  readonly requestSent: boolean | undefined;
  readonly message: string;
}

/** A process of servers. */
interface Lab {
  readonly child: ChildProcess;
  serve(labCase: LabCase): Promise<number>;
  open(labCase: LabCase): Promise<number>;
  reached(labCase: LabCase): Promise<void>;
  stop(labCase: LabCase): void;
  /** Has this process look names up at the other one from now on. @returns how to end that */
  resolveThere(): Promise<() => void>;
}

function startLab(): Lab {
  const child = fork(serverFile);
  const waiting = new Map<string, (value: number) => void>();
  child.on("message", (told: Told) => {
    waiting.get(`${told.kind} ${told.key}`)?.(told.kind === "listening" ? told.port : 0);
  });
  const toldOf = (kind: Told["kind"], key: string, order?: Order) =>
    new Promise<number>((resolve) => {
      waiting.set(`${kind} ${key}`, resolve);
      if (order !== undefined) child.send(order);
    });
  return {
    child,
    serve: (labCase) => toldOf("listening", toKey(labCase), { kind: "serve", case: labCase }),
    open: (labCase) => toldOf("listening", toKey(labCase), { kind: "open", case: labCase }),
    reached: async (labCase) => {
      await toldOf("reached", toKey(labCase));
    },
    stop: (labCase) => child.send({ kind: "stop", case: labCase } satisfies Order),
    resolveThere: async () => resolveBy(await toldOf("listening", "dns", { kind: "resolve" })),
  };
}

/** The system's resolver cannot be told of a server: `dns.lookup` is one that asks ours, over UDP. */
function resolveBy(port: number): () => void {
  const { lookup } = dns;
  const { lookup: promised } = dns.promises;
  const pending = new Set<() => void>();
  const addressesOf = async (host: string): Promise<dns.LookupAddress[]> => {
    const { address, close } = lookUp(host, port);
    pending.add(close);
    try {
      return [{ address: await address, family: 4 }];
    } finally {
      pending.delete(close);
    }
  };
  const ours = (host: string, options: dns.LookupAllOptions, callback: LookupCallback) => {
    if (!host.endsWith(".lab.test")) return lookup(host, options, callback);
    const found = ([first]: dns.LookupAddress[]) =>
      options.all
        ? callback(null, first === undefined ? [] : [first])
        : callback(null, first?.address ?? "", 4);
    addressesOf(host).then(found, (error) => callback(error, []));
  };
  Object.assign(dns, { lookup: ours });
  Object.assign(dns.promises, {
    lookup: (host: string, options: dns.LookupAllOptions) =>
      host.endsWith(".lab.test") ? addressesOf(host) : promised(host, options),
  });
  return () => {
    for (const close of pending) close();
  };
}

function connectTo(labCase: LabCase, port: number) {
  const { subject, tls, stage } = labCase;
  const host = stage === "lookup" ? toHost(labCase) : "localhost";
  const baseUrl = `${tls ? "https" : "http"}://${host}:${port}`;
  const options = {
    baseUrl,
    allowInsecure: true,
    ...(tls && { tls: { ca: cert, servername: "localhost" } }),
  };
  if (subject === "REST") return createRestTransport(options);
  if (subject === "gRPC") return createGrpcTransport(options);
  return createGrpcJsTransport({
    address: `${host === "localhost" && !tls ? "127.0.0.1" : host}:${port}`,
    credentials: tls ? credentials.createSsl(Buffer.from(cert)) : credentials.createInsecure(),
    channelOptions: {
      "grpc.initial_reconnect_backoff_ms": 100,
      ...(tls && { "grpc.ssl_target_name_override": "localhost" }),
    },
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

/** A case under way: what the first call came to, and the rest, which ends the case. */
interface Begun {
  readonly first: Ending;
  end(): Promise<LabResult>;
}

async function begin(
  lab: Lab,
  labCase: LabCase,
  { port, reached, shortMs = SHORT_MS }: { port: number; reached: Promise<unknown>; shortMs?: number },
): Promise<Begun> {
  const { event, stage, act } = labCase;
  const transport = connectTo(labCase, port);
  const operations = createClient(Operations, transport);
  const controller = new AbortController();
  const timeoutMs = event === "deadline" || event === "close" ? shortMs : LONG_MS;
  const call = endingOf(
    operations.deleteOperation({ name: "operations/1" }, { signal: controller.signal, timeoutMs }),
  );
  if (event === "abort") void reached.then(() => controller.abort());
  const closing = event === "close" ? Promise.race([reached, call]).then(() => transport.close()) : undefined;
  const first = await call;
  await closing;
  const end = async (): Promise<LabResult> => {
    if (stage === "connect" && act === "refuse") await lab.open(labCase);
    const nextMs = nextOf(labCase).includes("deadline-exceeded") ? SHORT_MS : NEXT_MS;
    const callNext = () =>
      endingOf(operations.deleteOperation({ name: "operations/2" }, { timeoutMs: nextMs }));
    let next = await callNext();
    // A channel of grpc-js waits after a failed connection, and fails calls meanwhile.
    for (let attempt = 1; attempt < NEXT_ATTEMPTS && next.ending === "unavailable"; attempt++) {
      await sleep(50);
      next = await callNext();
    }
    await transport.close();
    lab.stop(labCase);
    const { ending, requestSent, message } = first;
    return { key: toKey(labCase), call: ending, requestSent, message, next: next.ending };
  };
  return { first, end };
}

/** Runs a case; again with more time, where the time of its call was up before its stage. */
async function runCase(lab: Lab, labCase: LabCase, shortMs = SHORT_MS): Promise<LabResult> {
  const port = await lab.serve(labCase);
  let isReached = false;
  const reached = lab.reached(labCase).then(() => {
    isReached = true;
  });
  const begun = await begin(lab, labCase, { port, reached, shortMs });
  const tooEarly = labCase.event !== undefined && !isReached && shortMs < LONG_MS;
  const result = await begun.end();
  return tooEarly ? runCase(lab, labCase, 4 * shortMs) : result;
}

/**
 * The cases of a connect that nobody accepts, all at once: their servers' process stands still with its backlogs full, until
 * all calls but the slow ones have ended.
 */
async function runStopped(lab: Lab, cases: readonly LabCase[]): Promise<LabResult[]> {
  const ports = await Promise.all(cases.map(lab.serve));
  lab.child.kill("SIGSTOP");
  const fillers = ports.flatMap((port) =>
    Array.from({ length: FILLERS }, () => connect(port, "127.0.0.1").on("error", () => undefined)),
  );
  await sleep(SETTLE_MS);
  const calls = cases.map((labCase, index) =>
    begin(lab, labCase, { port: ports[index] ?? 0, reached: sleep(SETTLE_MS) }),
  );
  await Promise.all(calls.filter((_, index) => cases[index]?.act !== "slow"));
  lab.child.kill("SIGCONT");
  for (const filler of fillers) filler.destroy();
  return Promise.all(calls.map(async (call) => (await call).end()));
}

async function run(): Promise<void> {
  const [lab, stopped] = [startLab(), startLab()];
  const stopResolving = await lab.resolveThere();
  const cases = LAB.filter((labCase) => toKey(labCase).includes(only));
  const standsStill = ({ stage, act }: LabCase) => stage === "connect" && act !== "refuse";
  const queue = cases.filter((labCase) => !standsStill(labCase));
  const results = new Map<string, LabResult>();
  const note = (result: LabResult) => results.set(result.key, result);
  const worker = async () => {
    for (let labCase = queue.shift(); labCase !== undefined; labCase = queue.shift()) {
      note(await runCase(lab, labCase));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  for (const result of await runStopped(stopped, cases.filter(standsStill))) note(result);
  stopResolving();
  for (const { child } of [lab, stopped]) child.disconnect();
  const flaws: Record<string, string[]> = {};
  for (const labCase of cases) {
    const result = results.get(toKey(labCase));
    const found = result === undefined ? ["it was not run"] : flawsOf(labCase, result);
    if (found.length > 0) flaws[toKey(labCase)] = found;
  }
  console.log(JSON.stringify({ cases: cases.length, flaws }));
}

void run();
