// SPDX-License-Identifier: Apache-2.0
// What the servers share: each is a process of its own on 127.0.0.1, reports its port to its parent, and ends with it.

/** Listens on a free port and says which; the process ends when its parent goes or hangs up. */
export function serve(server) {
  server.listen(0, "127.0.0.1", () => process.send({ port: server.address().port }));
  process.once("disconnect", () => process.exit(0));
}
