// SPDX-License-Identifier: Apache-2.0
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { NAME } from "../contenders/operation.mjs";
import { startServer } from "../process.mjs";
import { spread } from "../statistics.mjs";

const ROUNDS = 11;

const root = new URL("../../", import.meta.url);
const { bin } = createRequire(import.meta.url)("../../package.json");
const command = fileURLToPath(new URL(bin.longrunning, root));
const script = fileURLToPath(new URL("../subjects/script.mjs", import.meta.url));

/** Key, title, and the arguments to Node for a server at a port. */
const SUBJECTS = [
  ["nothing", "node -e 0, the limit", () => ["-e", "0"]],
  [
    "rest",
    "longrunning cancel",
    (port) => [command, "cancel", NAME, "--endpoint", `http://127.0.0.1:${port}`],
  ],
  [
    "grpc",
    "longrunning cancel --transport grpc",
    (port) => [command, "cancel", NAME, "--endpoint", `http://127.0.0.1:${port}`, "--transport", "grpc"],
  ],
  [
    "gax-rest",
    "a script with google-gax, REST: cancel",
    (port) => [script, "../contenders/rest/gax.mjs", port],
  ],
  [
    "gax-grpc",
    "a script with google-gax, gRPC: cancel",
    (port) => [script, "../contenders/grpc/gax.mjs", port],
  ],
  [
    "google-ads-admanager",
    "a script with @google-ads/admanager: get",
    (port) => [script, "../contenders/rest/google-ads-admanager.mjs", port],
  ],
];

export const name = "command line";

export async function measure() {
  const server = await startServer("servers/emulator.mjs");
  const samples = Object.fromEntries(SUBJECTS.map(([key]) => [key, []]));
  try {
    for (let round = 0; round <= ROUNDS; round++) {
      for (const [key, , args] of SUBJECTS) {
        const ms = await timeToEnd(args(String(server.port)));
        if (round > 0) samples[key].push(ms);
      }
    }
  } finally {
    await server.stop();
  }
  return {
    title: "Command line: from the start of the process to its end",
    how: `one call to the emulator; ${ROUNDS} interleaved rounds, a process each; median (lowest to highest)`,
    columns: ["process", "ms"],
    rows: SUBJECTS.map(([key, title]) => [title, spread(samples[key], 0)]),
    samples,
  };
}

async function timeToEnd(args) {
  const start = performance.now();
  const child = spawn(process.execPath, args, { stdio: ["ignore", "ignore", "pipe"] });
  let complaints = "";
  child.stderr.setEncoding("utf8").on("data", (text) => {
    complaints += text;
  });
  const [status] = await once(child, "close");
  if (status !== 0) throw new Error(`${args.join(" ")} ended with ${status}: ${complaints}`);
  return performance.now() - start;
}
