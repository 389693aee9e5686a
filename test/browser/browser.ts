// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from "node:fs";
import { type Browser, chromium, type Page } from "playwright-core";

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

/** Opens a page. What it reports as an error, a violated policy too, fails the test. */
export async function inBrowser(
  run: (page: Page) => Promise<void>,
  { colorScheme = "light", width = 1280, height = 800 }: View = {},
): Promise<void> {
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
    await run(page);
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
