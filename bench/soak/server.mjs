// SPDX-License-Identifier: Apache-2.0
// The emulator of the soak run, in a process of its own: many operations of every kind of end, and calls that go wrong
// at random. It tells its parent where it is, and on request what became of each operation.
import { Code } from "@connectrpc/connect";
import { startEmulator } from "longrunning/emulator";
import { endings, stateOf } from "./outcomes.mjs";

const [count, minMs, maxMs] = process.argv.slice(2).map(Number);

/** What goes wrong, each with its own chance: about one call in six meets something. */
const faults = [
  { kind: "error", code: Code.Unavailable, probability: 0.03 },
  { kind: "error", code: Code.Unavailable, retryDelayMs: 1500, probability: 0.005 },
  { kind: "error", code: Code.ResourceExhausted, retryDelayMs: 1000, probability: 0.01 },
  { kind: "error", code: Code.Aborted, probability: 0.005 },
  { kind: "delay", minMs: 50, maxMs: 2000, probability: 0.1 },
  { kind: "delay", minMs: 12_000, probability: 0.0005 },
  { kind: "reset", when: "before", probability: 0.0005 },
  { kind: "reset", when: "after", probability: 0.0005 },
  { kind: "goaway", probability: 0.001 },
];

const emulator = await startEmulator({ faults, maxCalls: 1, seed: 7 });
const kinds = endings(3_000);
const names = Array.from({ length: count }, (_, index) =>
  emulator.operations.start({
    ...kinds[index % kinds.length],
    durationMs: minMs + ((index * 7919) % (maxMs - minMs)),
  }),
);

const truthOf = (name) => stateOf(emulator.operations.find(name).operation);

process.on("message", () => process.send({ states: names.map(truthOf) }));
process.once("disconnect", () => process.exit(0));
process.send({ baseUrl: emulator.baseUrl, names });
