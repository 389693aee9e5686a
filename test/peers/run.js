// SPDX-License-Identifier: Apache-2.0
// npm run test:peers [-- expression]: clients that are no dependencies of this package, against the emulator as it was built: Google's
// for Python, over gRPC and REST, where python3 and pip are there, google-gax 4 and 5, and the Python of docs/testing.md. Their
// packages go to folders of node_modules/.cache. The exit status is 75 when none of them could be had.
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { operationsHttpRules } from "longrunning";
import { startEmulator } from "longrunning/emulator";
import { installCached, installOnce, NOT_INSTALLED } from "../../scripts/install-package.mjs";

const wanted = new RegExp(process.argv[2] ?? "", "i");
const here = fileURLToPath(new URL(".", import.meta.url));
const root = fileURLToPath(new URL("../../", import.meta.url));
const guide = readFileSync(`${root}docs/testing.md`, "utf8");
const pythonExamples = [...guide.matchAll(/<!-- example: (python[\w-]*) -->\n```python\n([\s\S]*?)\n```/g)];

/** Clients: what gives the program and its arguments, or throws when it cannot be had. */
const PEERS = {
  "Python's OperationsClient": (baseUrl) => [python(), [`${here}python/peers.py`, baseUrl]],
  ...Object.fromEntries(
    pythonExamples.map(([, name, code]) => [`docs/testing.md, ${name}`, () => [python(), ["-c", code]]]),
  ),
  "google-gax 4": (baseUrl) => [
    process.execPath,
    [`${here}gax.cjs`, installCached("peers-gax-4", "google-gax@4.6.1"), baseUrl],
  ],
  "google-gax 5": (baseUrl) => [process.execPath, [`${here}gax.cjs`, root, baseUrl]],
};

function python() {
  const requirements = `${here}python/requirements.txt`;
  const folder = `${root}node_modules/.cache/peers-python`;
  installOnce(folder, readFileSync(requirements, "utf8"), `${folder}/installed`, () => {
    execFileSync("python3", ["-m", "venv", folder], { stdio: "inherit" });
    execFileSync(`${folder}/bin/pip`, ["install", "--quiet", "-r", requirements], { stdio: "inherit" });
  });
  return `${folder}/bin/python`;
}

let [passed, failed] = [0, 0];
for (const [name, commandFor] of Object.entries(PEERS).filter(([one]) => wanted.test(one))) {
  const emulator = await startEmulator({ httpRules: operationsHttpRules({ prefix: "/v1" }) });
  try {
    const [program, args] = commandFor(emulator.baseUrl);
    const env = { ...process.env, EMULATOR: emulator.baseUrl };
    const [status] = await once(spawn(program, args, { stdio: "inherit", env }), "exit");
    console.log(`${status === 0 ? "ok    " : "FAILED"}  ${name}`);
    if (status === 0) passed++;
    else failed++;
  } catch (error) {
    console.log(`SKIPPED for want of packages: ${name} (${error.message})`);
  } finally {
    await emulator.close();
  }
}
console.log(`${passed} of ${passed + failed} peers right`);
process.exitCode = failed > 0 ? 1 : passed === 0 ? NOT_INSTALLED : 0;
