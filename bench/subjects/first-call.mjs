// SPDX-License-Identifier: Apache-2.0
// The process that loads a contender, opens it and makes one call. Arguments: the contender, the port of its server.
// Both figures count from the start of the process, Node's own start included.
const [path, port] = process.argv.slice(2);
const { open } = await import(new URL(path, import.meta.url));
await open({ port: Number(port) }).call();
const ms = performance.now();
const { user, system } = process.cpuUsage();
process.send({ ms, cpuMs: (user + system) / 1000 }, () => process.exit(0));
