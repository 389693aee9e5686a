// SPDX-License-Identifier: Apache-2.0
// npm run test:protos: generates what protoc-gen-es and protoc-gen-longrunning make of the services inside Google's packages,
// compiles it, and has a method of each package start an operation of the emulator. With the protobuf-es that the lock file names,
// and with the oldest that generated code is promised for.
import { deepStrictEqual, strictEqual } from "node:assert";
import { execFileSync } from "node:child_process";
import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { installPackage } from "../../scripts/install-package.mjs";

/** The packages whose protos are taken. What several of them have is that of the last. */
const PACKAGES = [
  "@google-cloud/filestore",
  "@google-cloud/memcache",
  "@google-cloud/workflows",
  "@google-ads/admanager",
  "google-gax",
];

const WANT = {
  admanager: { report: "networks/1/reports/2", reportResult: "networks/1/reports/2/results/3" },
  filestore: { target: "projects/p/locations/l/instances/i", tier: 8 },
  gax: { metadata: 0, name: "projects/p/services/s" },
  memcache: { verb: "create", nodeCount: 3 },
  workflows: { apiVersion: "v1", revisionId: "000001-a1b" },
};

/** protobuf-es and its plugins in the oldest version that generated code is promised for. */
const OLDEST = ["protobuf", "protoc-gen-es", "protoplugin"].map((name) => `@bufbuild/${name}@2.13.0`);

generateCompileAndUse(installPackage(dirname(fileURLToPath(import.meta.url))));
generateCompileAndUse(installPackage(dirname(fileURLToPath(import.meta.url)), OLDEST));

function generateCompileAndUse(folder) {
  const run = (command, ...args) =>
    execFileSync(command, args, { cwd: folder, encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] });
  const bin = (name) => join("node_modules/.bin", name);

  const { version } = JSON.parse(
    readFileSync(join(folder, "node_modules/@bufbuild/protobuf/package.json"), "utf8"),
  );
  console.log(`protobuf-es ${version}`);
  for (const made of ["protos", "gen", "cjs", "out"])
    rmSync(join(folder, made), { recursive: true, force: true });
  for (const name of PACKAGES) {
    const from = join(folder, "node_modules", name, "build/protos");
    const isWanted = (path) =>
      /^[^.]*(\.proto)?$/.test(path.slice(from.length)) && !path.includes("google/protobuf");
    cpSync(from, join(folder, "protos"), { recursive: true, filter: isWanted });
  }

  // Only files that declare a service, and what these import: the packages have files of older releases that contradict others.
  const services = readdirSync(join(folder, "protos"), { recursive: true })
    .map((path) => join("protos", path))
    .filter((path) => path.endsWith(".proto") && /^service /m.test(readFileSync(join(folder, path), "utf8")));
  run(bin("buf"), "generate", "protos", ...services.flatMap((path) => ["--path", path]));
  const typed = readdirSync(join(folder, "gen"), { recursive: true }).filter((path) =>
    /_longrunning\.ts$/.test(path),
  );
  console.log(`ok      generated ${typed.length} files of typed clients`);
  writeFileSync(join(folder, "cjs/package.json"), '{ "type": "commonjs" }');
  cpSync(join(folder, "use.cjs"), join(folder, "cjs/use.cjs"));
  run(bin("tsc"), "--project", ".");
  run(bin("tsc"), "--project", "tsconfig.cjs.json");
  console.log("ok      compiled, as ES modules and as CommonJS");
  deepStrictEqual(JSON.parse(run(process.execPath, "out/use.js")), WANT);
  strictEqual(run(process.execPath, "cjs/use.cjs").trim(), WANT.admanager.reportResult);
  console.log(`ok      a method of each: ${Object.keys(WANT).join(", ")}`);
}
