// SPDX-License-Identifier: Apache-2.0
// The connect lab under several Node versions: `npm run test:lab [-- --node 20,22,24,26 --count 1000]`. It runs the table of
// test/lab, and aborts calls of `count` new transports at random moments, in plain text and as many over TLS. Versions are
// installed on demand into a cache folder, from the registry's package with Node's binary for this platform.
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { buildSync } from "esbuild";
import { installCached } from "./install-package.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const MAX_RUN_MS = 5 * 60_000;

const { values } = parseArgs({
  options: {
    node: { type: "string", default: "20,22,24,26" },
    count: { type: "string", default: "1000" },
  },
});

/** The binary of the newest release of a major version. */
function nodeBinary(major) {
  if (process.versions.node.startsWith(`${major}.`)) return process.execPath;
  const platform = process.platform === "win32" ? "win" : process.platform;
  const name = `node-${platform}-${process.arch}`;
  return join(installCached(`node-${major}`, `${name}@${major}`), "node_modules", name, "bin/node");
}

function bundle(name, directory) {
  const file = join(directory, `${name}.cjs`);
  buildSync({
    absWorkingDir: root,
    entryPoints: [`test/lab/${name}.ts`],
    bundle: true,
    platform: "node",
    outfile: file,
    logLevel: "error",
  });
  return file;
}

/** Runs a program to its end. Returns its output, or why it failed. */
function run(binary, args) {
  return new Promise((resolve) => {
    const child = spawn(binary, args, { timeout: MAX_RUN_MS });
    let output = "";
    let errors = "";
    child.stdout.on("data", (chunk) => {
      output += chunk;
    });
    child.stderr.on("data", (chunk) => {
      errors += chunk;
    });
    child.on("close", (status, signal) => {
      if (status === 0) resolve({ result: JSON.parse(output) });
      else resolve({ problem: `ended with ${status ?? signal}: ${errors.slice(-2_000)}` });
    });
  });
}

const directory = mkdtempSync(join(tmpdir(), "connect-lab-"));
let red = false;
try {
  const [client, server, giveUp] = ["client", "server", "give-up"].map((name) => bundle(name, directory));
  for (const major of values.node.split(",")) {
    const binary = nodeBinary(major);
    const version = spawnSync(binary, ["--version"], { encoding: "utf8" }).stdout.trim();
    const table = await run(binary, [client, server]);
    const given = await run(binary, [giveUp, server, values.count]);
    const flaws = Object.entries(table.result?.flaws ?? {});
    const isRed =
      [table.problem, given.problem].some(Boolean) || flaws.length > 0 || given.result.others.length > 0;
    red ||= isRed;
    console.log(`${version}: ${isRed ? "RED" : "green"}`);
    console.log(
      `  table: ${table.problem ?? `${table.result.cases} cases, ${flaws.length} not as documented`}`,
    );
    for (const [key, texts] of flaws) console.log(`    ${key}: ${texts.join("; ")}`);
    console.log(
      `  given up: ${given.problem ?? `${given.result.count} transports plain, as many over TLS, ${JSON.stringify(given.result.endings)}`}`,
    );
  }
} finally {
  rmSync(directory, { recursive: true });
}
process.exitCode = red ? 1 : 0;
