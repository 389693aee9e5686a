// SPDX-License-Identifier: Apache-2.0
import { startEmulator } from "longrunning/emulator";

const emulator = await startEmulator();
const names = Array.from({ length: 6 }, () =>
  emulator.operations.start({ durationMs: 3_600_000, cancelDelayMs: 300 }),
);
process.once("disconnect", () => process.exit());
process.send({ baseUrl: emulator.baseUrl, names });
