// SPDX-License-Identifier: Apache-2.0
import { type EmulatorOptions, startEmulator } from "../../src/emulator.js";

// A program that runs an emulator: its options are the first argument, in JSON; it prints the port, closes
// the emulator when its input ends, and does nothing to end itself.
void (async () => {
  const options: EmulatorOptions = JSON.parse(process.argv[2] ?? "{}");
  const emulator = await startEmulator(options);
  process.stdout.write(`${emulator.port}\n`);
  process.stdin.resume().once("end", () => void emulator.close());
})();
