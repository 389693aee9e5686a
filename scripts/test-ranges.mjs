// SPDX-License-Identifier: Apache-2.0
// Runs the suite with other versions of the dependencies than the lock file names: `npm run test:oldest` with the oldest that
// package.json allows, `npm run test:newest` with the newest that this Node can run. Runs in a copy of the project.
import { execFileSync } from "node:child_process";
import { cpSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const [which, ...patterns] = process.argv.slice(2);
const root = fileURLToPath(new URL("../", import.meta.url));
const copy = join(tmpdir(), "longrunning-test", which);
const { dependencies, peerDependencies } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));

/** The version of a dependency to test with. */
function versionOf(name, range) {
  if (which === "oldest") return /\d+\.\d+\.\d+/.exec(range)[0];
  const text = execFileSync("npm", ["view", `${name}@${range}`, "version", "engines.node", "--json"], {
    encoding: "utf8",
  });
  return [JSON.parse(text)]
    .flat()
    .map((each) => (typeof each === "string" ? { version: each } : each))
    .filter((each) => runsHere(each["engines.node"]))
    .at(-1).version;
}

/** Whether this Node is at least the first version in "engines". */
function runsHere(engines = "") {
  const [major = "0"] = /\d+/.exec(engines) ?? [];
  return Number(major) <= Number.parseInt(process.versions.node, 10);
}

const chosen = Object.entries({ ...dependencies, ...peerDependencies }).map(([name, range]) => [
  name,
  versionOf(name, range),
]);
const connect = Object.fromEntries(chosen)["@connectrpc/connect-node"];
const versions = chosen
  .concat([["@connectrpc/connect-web", connect]])
  .map(([name, version]) => `${name}@${name.startsWith("@connectrpc/") ? connect : version}`); // they are released together
console.log(`with ${versions.join(" ")}`);

const left = /^(node_modules|dist|\.git|coverage)(\/|$)/;
rmSync(copy, { recursive: true, force: true });
cpSync(root, copy, { recursive: true, filter: (path) => !left.test(relative(root, path)) });
const run = (...command) =>
  execFileSync("npx", ["--no-install", ...command], { cwd: copy, stdio: "inherit" });
const npm = (...args) =>
  execFileSync("npm", [...args, "--no-audit", "--no-fund", "--loglevel=error"], {
    cwd: copy,
    stdio: "inherit",
  });
npm("ci");
npm("install", "--no-save", "--no-package-lock", "--legacy-peer-deps", ...versions);
for (const config of ["jest.config.js", "jest.package.config.js"]) {
  try {
    run("jest", "--config", config, "--passWithNoTests", ...patterns);
  } catch (error) {
    process.exitCode = error.status ?? 1;
  }
}
