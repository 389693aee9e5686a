// SPDX-License-Identifier: Apache-2.0
// The built package under the fake timers of test frameworks: `npm run test:timers [-- --only jest@29]`. Frameworks are
// installed into a cache folder when they are needed.
import { fork, spawnSync } from "node:child_process";
import { once } from "node:events";
import { cpSync, existsSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { installCached } from "./install-package.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const MAX_RUN_MS = 120_000;
const jest = ["node_modules/jest/bin/jest.js", "--rootDir", ".", "--testMatch", "**/jest.test.cjs"];
const vitest = ["node_modules/vitest/vitest.mjs", "run", "vitest.test.mjs", `--testTimeout=${MAX_RUN_MS}`];
/** Frameworks, and the arguments of Node that run their test. */
const FRAMEWORKS = {
  "node:test": ["--test", "node.test.mjs"],
  "jest@29": jest,
  "jest@30": jest,
  "vitest@2": vitest,
  "vitest@3": vitest,
  "vitest@4": vitest,
};

const { values } = parseArgs({ options: { only: { type: "string" } } });

/** A project with the framework, the built package and the programs. */
function projectOf(framework) {
  const folder = `fake-timers/${framework.replace(":", "-")}`;
  const project = join(root, "node_modules/.cache", folder);
  mkdirSync(join(project, "node_modules"), { recursive: true });
  cpSync(join(root, "test/fake-timers"), project, { recursive: true });
  const config = {
    private: true,
    jest: {
      transform: {},
      testTimeout: MAX_RUN_MS,
      testPathIgnorePatterns: [],
      haste: { retainAllFiles: true },
    },
  };
  writeFileSync(join(project, "package.json"), JSON.stringify(config));
  const own = join(project, "node_modules/longrunning");
  if (!framework.startsWith("node:")) installCached(folder, framework);
  if (!existsSync(own)) symlinkSync(root, own, "junction");
  return project;
}

const chosen = Object.entries(FRAMEWORKS).filter(([name]) => [undefined, name].includes(values.only));
let red = chosen.length === 0;
for (const [framework, args] of chosen) {
  const cwd = projectOf(framework);
  const server = fork(join(root, "test/fake-timers/server.mjs"));
  const [{ baseUrl, names }] = await once(server, "message");
  const env = { ...process.env, EMULATOR_URL: baseUrl, NAMES: JSON.stringify(names), NO_COLOR: "1", CI: "1" };
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    cwd,
    env,
    encoding: "utf8",
    timeout: MAX_RUN_MS,
  });
  server.disconnect();
  console.log(`${framework}: ${status === 0 ? "green" : "RED"}`);
  if (status !== 0) console.log(`${stdout}${stderr}`.slice(-6_000));
  red ||= status !== 0;
}
process.exitCode = red ? 1 : 0;
