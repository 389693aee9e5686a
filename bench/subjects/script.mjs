// SPDX-License-Identifier: Apache-2.0
// A script that makes one call and ends, as somebody would write it who has no command line for it. Arguments: the
// contender that it uses, the port of the server.
const [path, port] = process.argv.slice(2);
const { open } = await import(new URL(path, import.meta.url));
await open({ port: Number(port) }).call();
console.log("done");
process.exit(0);
