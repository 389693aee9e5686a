// SPDX-License-Identifier: Apache-2.0
// The server of the chaos run, a process of its own: an emulator whose calls go wrong at random, behind a front whose
// connections do. It starts operations for its parent and reports what became of them.
import { Code } from "@connectrpc/connect";
import { operationsHttpRules } from "longrunning";
import { startEmulator } from "longrunning/emulator";
import { endings, stateOf } from "../soak/outcomes.mjs";
import { startFront } from "./front.mjs";

const MIN_MS = 200;
const MAX_MS = 1_500;

/** What goes wrong with calls, each with its own chance: about one in seven meets something. */
const faults = [
  { kind: "error", code: Code.Unavailable, probability: 0.03 },
  { kind: "error", code: Code.Unavailable, retryDelayMs: 700, probability: 0.005 },
  { kind: "error", code: Code.ResourceExhausted, retryDelayMs: 500, probability: 0.01 },
  { kind: "error", code: Code.Aborted, probability: 0.002 },
  { kind: "error", code: Code.Internal, probability: 0.002 },
  { kind: "page", status: 503, body: "<html>busy</html>", probability: 0.005 },
  { kind: "page", status: 429, body: "<html>too many</html>", probability: 0.002 },
  { kind: "delay", minMs: 20, maxMs: 1_000, probability: 0.08 },
  { kind: "delay", minMs: 20_000, probability: 0.0003 },
  { kind: "reset", when: "before", probability: 0.0005 },
  { kind: "reset", when: "after", probability: 0.0005 },
  { kind: "goaway", probability: 0.002 },
];

const kinds = endings(700);
const httpRules = operationsHttpRules({ prefix: "/v1" });
const emulator = await startEmulator({ faults, httpRules, maxCalls: 1, maxOperations: 20_000 });
const front = await startFront(Number(new URL(emulator.baseUrl).port), process.argv[2] === "tls");

function start(parent, count) {
  return Array.from({ length: count }, (_, index) =>
    emulator.operations.start({
      ...kinds[index % kinds.length],
      parent: `${parent}/operations`,
      durationMs: MIN_MS + Math.random() * (MAX_MS - MIN_MS),
    }),
  );
}

/** The store's word on an operation: its state, and whether it was deleted. */
function truthOf(name) {
  const { operation, deleted } = emulator.operations.find(name);
  return { state: stateOf(operation), deleted };
}

const cpuSeconds = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
};

process.on("message", ({ id, start: given, states, cpu }) => {
  if (cpu) process.send({ id, result: cpuSeconds() });
  else process.send({ id, result: given ? start(given.parent, given.count) : states.map(truthOf) });
});
process.once("disconnect", () => process.exit(0));
process.send({ port: front.port, ca: front.ca });
