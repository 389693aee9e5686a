// SPDX-License-Identifier: Apache-2.0
// Connect's conformance suite against the gRPC transport: `npm run test:conformance -- FOLDER`, where FOLDER is a checkout of
// https://github.com/connectrpc/conformance in which `go build ./cmd/connectconformance` was run.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { buildSync } from "esbuild";

const root = fileURLToPath(new URL("..", import.meta.url));
const [checkout] = process.argv.slice(2);
if (checkout === undefined) throw new Error("usage: npm run test:conformance -- FOLDER");

function run(command, args, options = {}) {
  const { status, error } = spawnSync(command, args, { stdio: "inherit", cwd: root, ...options });
  if (error !== undefined) throw error;
  return status;
}

const folder = mkdtempSync(join(tmpdir(), "conformance-"));
try {
  const [client, descriptors] = [join(folder, "client.cjs"), join(folder, "image.binpb")];
  buildSync({
    absWorkingDir: root,
    entryPoints: ["test/conformance/client.ts"],
    bundle: true,
    platform: "node",
    outfile: client,
  });
  run(join(root, "node_modules/.bin/buf"), ["build", resolve(checkout), "-o", descriptors]);
  const runner = join(resolve(checkout), "connectconformance");
  process.exitCode = run(runner, [
    "--mode",
    "client",
    "--conf",
    "test/conformance/config.yaml",
    "--",
    process.execPath,
    client,
    descriptors,
  ]);
} finally {
  rmSync(folder, { recursive: true });
}
