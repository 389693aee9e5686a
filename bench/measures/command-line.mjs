// SPDX-License-Identifier: Apache-2.0
import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { commandIn } from "../before.mjs";
import { NAME } from "../contenders/operation.mjs";
import { startServer } from "../process.mjs";
import { spread } from "../statistics.mjs";

const ROUNDS = 11;

const root = fileURLToPath(new URL("../../", import.meta.url));
const command = commandIn(root);
const script = fileURLToPath(new URL("../subjects/script.mjs", import.meta.url));

const cancelAt = (port) => ["cancel", NAME, "--endpoint", `http://127.0.0.1:${port}`];

/** Key, title, and the arguments to Node for a server at a port. Those that are compared are neighbours. */
const SUBJECTS = [
  ["nothing", "node -e 0, the limit", () => ["-e", "0"]],
  [
    "grpc",
    "longrunning cancel --transport grpc",
    (port) => [command, ...cancelAt(port), "--transport", "grpc"],
  ],
  [
    "gax-grpc",
    "a script with google-gax, gRPC: cancel",
    (port) => [script, "../contenders/grpc/gax.mjs", port],
  ],
  [
    "gax-rest",
    "a script with google-gax, REST: cancel",
    (port) => [script, "../contenders/rest/gax.mjs", port],
  ],
  ["rest", "longrunning cancel", (port) => [command, ...cancelAt(port)]],
  [
    "google-ads-admanager",
    "a script with @google-ads/admanager: get",
    (port) => [script, "../contenders/rest/google-ads-admanager.mjs", port],
  ],
];

export const name = "command line";

/** @param {{ before?: string }} options `before`: a checkout of an older commit, whose command line is measured as well */
export async function measure({ before }) {
  const older = (port) => [commandIn(before), ...cancelAt(port)];
  const subjects =
    before === undefined ? SUBJECTS : [...SUBJECTS, ["before", "longrunning cancel, before", older]];
  const server = await startServer("servers/emulator.mjs");
  const samples = Object.fromEntries(subjects.map(([key]) => [key, []]));
  try {
    // One to warm the disk.
    for (const [, , args] of subjects) await timeToEnd(args(String(server.port)));
    for (let round = 0; round < ROUNDS; round++) {
      const there = [];
      for (const [, , args] of subjects) there.push(await timeToEnd(args(String(server.port))));
      for (const [at, [key, , args]] of [...subjects.entries()].toReversed())
        samples[key].push((there[at] + (await timeToEnd(args(String(server.port))))) / 2);
    }
  } finally {
    await server.stop();
  }
  return {
    title: "Command line: from the start of the process to its end",
    how: `one call to the emulator; ${ROUNDS} interleaved rounds, in each two processes, to and fro; median (lowest to highest)`,
    columns: ["process", "ms"],
    rows: subjects.map(([key, title]) => [title, spread(samples[key], 0)]),
    samples,
  };
}

async function timeToEnd(args) {
  const start = performance.now();
  const child = spawn(process.execPath, args, { stdio: ["ignore", "ignore", "pipe"] });
  let errorText = "";
  child.stderr.setEncoding("utf8").on("data", (text) => {
    errorText += text;
  });
  const [status] = await once(child, "close");
  if (status !== 0) throw new Error(`${args.join(" ")} ended with ${status}: ${errorText}`);
  return performance.now() - start;
}
