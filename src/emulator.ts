// SPDX-License-Identifier: Apache-2.0

/**
 * A server of operations on a port of this machine, for tests and trials. The types of what it does (scripts, faults,
 * recorded calls) are exported by `longrunning/testing`, which has a fake with the same ones.
 *
 * @module
 */

export type { EmulatorOptions, TlsOptions } from "./emulator/options.js";
export type { TlsFiles } from "./emulator/server/http-servers.js";
export type { Emulator } from "./emulator/start-emulator.js";
export { startEmulator } from "./emulator/start-emulator.js";
