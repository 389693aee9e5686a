// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from "node:fs";
import { type Browser, chromium, type Page } from "playwright-core";
import { type Emulator, type EmulatorOptions, startEmulator } from "../../src/emulator.js";

let browser: Browser;

beforeAll(async () => {
  const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium";
  browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
});

afterAll(() => browser.close());

/** How a page is shown. */
export interface View {
  readonly colorScheme?: "light" | "dark";
  readonly width?: number;
  readonly height?: number;
}

/** An emulator with its page open. */
export interface OpenPage {
  readonly emulator: Emulator;
  readonly page: Page;
}

/** Opens the page of a new emulator. What the page reports as an error, a violated policy too, fails the test. */
export async function withPage(
  run: (open: OpenPage) => Promise<void>,
  options: EmulatorOptions = {},
  { colorScheme = "light", width = 1280, height = 800 }: View = {},
): Promise<void> {
  await using emulator = await startEmulator(options);
  const context = await browser.newContext({ colorScheme, viewport: { width, height }, timezoneId: "UTC" });
  const page = await context.newPage();
  page.setDefaultTimeout(60_000);
  const problems: string[] = [];
  page.on("pageerror", (error) => problems.push(String(error)));
  page.on("console", (message) => {
    if (message.type() === "error" && !message.text().includes("status of 4")) problems.push(message.text());
  });
  page.on("dialog", (dialog) => problems.push(`a dialog: ${dialog.message()}`));
  try {
    await page.goto(emulator.baseUrl);
    await run({ emulator, page });
    expect(problems).toEqual([]);
  } finally {
    await context.close();
  }
}

const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

/** What axe-core finds wrong with a page as it is now: rule and element. */
export async function accessibilityProblems(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  return page.evaluate(async () => {
    const { violations } = await (globalThis as never as { axe: typeof import("axe-core") }).axe.run(); // just put there
    return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
  });
}
