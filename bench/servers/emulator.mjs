// SPDX-License-Identifier: Apache-2.0
// The emulator, with the one operation that everybody calls. It ignores each cancel, so that it can be cancelled again.
import { startEmulator } from "longrunning/emulator";
import { NAME } from "../contenders/operation.mjs";

const emulator = await startEmulator();
const at = NAME.lastIndexOf("/");
const operation = { parent: NAME.slice(0, at), id: NAME.slice(at + 1) };
emulator.operations.start({ ...operation, durationMs: Number.POSITIVE_INFINITY, onCancel: "ignores" });
process.once("disconnect", () => process.exit(0));
process.send({ port: emulator.port });
