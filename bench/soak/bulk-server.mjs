// SPDX-License-Identifier: Apache-2.0
// The emulator of the bulk run, in a process of its own: as many operations as its argument says, named by their
// number. It tells its parent where it is, and on request how many were asked to end.
import { startEmulator } from "longrunning/emulator";

const count = Number(process.argv[2]);
const emulator = await startEmulator({ maxCalls: 1 });
const names = Array.from({ length: count }, (_, index) =>
  emulator.operations.start({ id: String(index), durationMs: 3_600_000 }),
);

process.on("message", () =>
  process.send({ asked: names.filter((name) => emulator.operations.find(name).cancelRequested).length }),
);
process.once("disconnect", () => process.exit(0));
process.send({ baseUrl: emulator.baseUrl });
