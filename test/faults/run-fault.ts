// SPDX-License-Identifier: Apache-2.0
import { createClient, type Interceptor } from "@connectrpc/connect";
import { Operations } from "../../gen/google/longrunning/operations_pb.js";
import { CallError } from "../../src/index.js";
import { laneCredential } from "../credential-lane.js";
import type { Fault, SubjectName } from "./fault.js";
import { startFaultServer } from "./server.js";
import { SUBJECTS } from "./subjects.js";

/** What a fault came to. */
export interface Outcome {
  /** The call's error; `undefined` when it was answered. */
  readonly error: unknown;
  /** What the next call on the same transport failed with, if it did. */
  readonly nextError: unknown;
  /** Sockets of this process that are open after the transport was closed, beside those from before. */
  readonly leakedSockets: number;
}

const NAME = "operations/1";
/** The deadline of faults that are a deadline, and of those that end by themselves. */
const SHORT_MS = 150;
const LONG_MS = 15_000;
/** The deadline of the next call, where it is not to reach it and where it is; and how often it is tried. */
const NEXT_MS = 10_000;
const LOST_NEXT_MS = 1_000;
const ATTEMPTS = 10;

/** Makes one call into a fault and one after it, on one transport, and closes that. */
export async function runFault(fault: Fault, name: SubjectName, hasCredential: boolean): Promise<Outcome> {
  const { protocol, connect } = SUBJECTS[name];
  const socketsBefore = openSockets();
  const controller = new AbortController();
  const { givesUp } = fault;
  const giveUp = () => {
    if (givesUp === "when the server has come so far") controller.abort(new Error("changed my mind"));
  };
  const server = await startFaultServer(fault, protocol, giveUp);
  let stuck = fault.stuck === true;
  const hanging: Interceptor = (next) => (request) => {
    if (!stuck) return next(request);
    stuck = false;
    queueMicrotask(giveUp);
    return new Promise((_resolve, reject) => {
      request.signal.addEventListener("abort", () => reject(request.signal.reason));
    });
  };
  const transport = connect(server.origin, [hanging, ...(hasCredential ? [laneCredential()] : [])]);
  const operations = createClient(Operations, transport);

  if (givesUp === "before the call") controller.abort(new Error("changed my mind"));
  const timeoutMs = givesUp === "by deadline" ? SHORT_MS : LONG_MS;
  const error = await failureOf(
    operations.getOperation({ name: NAME }, { signal: controller.signal, timeoutMs }),
  );
  if (givesUp === "after the call") controller.abort(new Error("changed my mind"));

  await server.recover();
  const nextMs = fault.next?.[name] === "deadline-exceeded" ? LOST_NEXT_MS : NEXT_MS;
  const attempts = fault.next?.[name] === undefined ? ATTEMPTS : 1;
  const nextError = await eventually(attempts, () =>
    operations.getOperation({ name: NAME }, { timeoutMs: nextMs }),
  );
  await transport.close();
  return { error, nextError, leakedSockets: await socketsAbove(socketsBefore) };
}

/** The same as a line of the matrix: the reason, or that it was answered. */
export function wordFor({ error }: Outcome): string {
  if (error === undefined) return "(answered)";
  return error instanceof CallError ? error.reason : `no CallError: ${String(error)}`;
}

function failureOf(call: Promise<unknown>): Promise<unknown> {
  return call.then(
    () => undefined,
    (error: unknown) => error,
  );
}

/** A channel of grpc-js waits after a failed connection, and fails calls meanwhile: the others succeed at once. */
async function eventually(attempts: number, call: () => Promise<unknown>): Promise<unknown> {
  let error = await failureOf(call());
  for (let attempt = 1; attempt < attempts && error !== undefined; attempt++) {
    await tick(25);
    error = await failureOf(call());
  }
  return error;
}

/** Both ends of every connection within this process. */
function openSockets(): number {
  return process.getActiveResourcesInfo().filter((resource) => resource === "TCPSocketWrap").length;
}

/** Sockets above `before`, when there is nothing more to wait for. */
async function socketsAbove(before: number): Promise<number> {
  for (let attempt = 0; attempt < 100 && openSockets() > before; attempt++) await tick(10);
  return Math.max(0, openSockets() - before);
}

function tick(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
