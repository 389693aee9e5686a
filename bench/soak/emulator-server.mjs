// SPDX-License-Identifier: Apache-2.0
// The emulator of bench/soak-emulator.mjs: says its port, then its memory whenever it is asked.
import { startEmulator } from "longrunning/emulator";

const emulator = await startEmulator();
for (let at = 0; at < 1_000; at++) {
  emulator.operations.start({ id: `${at}`, durationMs: Number.POSITIVE_INFINITY });
}
process.once("disconnect", () => process.exit(0));
process.on("message", () => {
  globalThis.gc();
  const { heapUsed, rss } = process.memoryUsage();
  process.send({ heapBytes: heapUsed, rssBytes: rss, calls: emulator.calls.length });
});
process.send({ port: emulator.port });
