// SPDX-License-Identifier: Apache-2.0
// The process that loads one package, once. Arguments: "import" or "require", the package.
import { createRequire } from "node:module";

const [how, specifier] = process.argv.slice(2);
const require = createRequire(import.meta.url);
const cpuStart = process.cpuUsage();
const start = performance.now();
if (how === "require") require(specifier);
else await import(specifier);
const ms = performance.now() - start;
const { user, system } = process.cpuUsage(cpuStart);
process.send({ ms, cpuMs: (user + system) / 1000 }, () => process.exit(0));
