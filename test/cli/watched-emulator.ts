// SPDX-License-Identifier: Apache-2.0
import { create } from "@bufbuild/protobuf";
import { anyPack, EmptySchema } from "@bufbuild/protobuf/wkt";
import { type Emulator, startEmulator } from "../../src/emulator.js";

/** The end of an operation that succeeds. */
export const WELL = { response: anyPack(EmptySchema, create(EmptySchema)) };

/** An operation that runs until a test ends it. */
export const LONG = { durationMs: Number.POSITIVE_INFINITY };

/** A new one for each test of the file that imports it. */
export let emulator: Emulator;

/** The options by which a command polls it. */
export let at: string[];

beforeEach(async () => {
  emulator = await startEmulator();
  at = ["--interval", "50ms", "--endpoint", emulator.baseUrl];
});
afterEach(() => emulator.close());
