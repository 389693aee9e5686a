// SPDX-License-Identifier: Apache-2.0
import type { Page } from "playwright-core";
import { type Emulator, type EmulatorOptions, startEmulator } from "../../src/emulator.js";
import { inBrowser, type View } from "./browser.js";

/** An emulator with its page open. */
export interface OpenPage {
  readonly emulator: Emulator;
  readonly page: Page;
}

/** Opens the page of a new emulator. */
export async function withPage(
  run: (open: OpenPage) => Promise<void>,
  options: EmulatorOptions = {},
  view: View = {},
): Promise<void> {
  await using emulator = await startEmulator(options);
  await inBrowser(async (page) => {
    await page.goto(emulator.baseUrl);
    await run({ emulator, page });
  }, view);
}
