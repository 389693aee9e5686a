// SPDX-License-Identifier: Apache-2.0
import { existsSync, mkdirSync, readFileSync, statSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join } from "node:path";
import type { Page } from "playwright-core";
import { root } from "../architecture/source-files.js";
import { accessibilityProblems, inBrowser, type View } from "../browser/browser.js";

// The documentation site as `npm run docs` builds it, opened in Chromium. SCREENSHOTS=FOLDER keeps what it looks like.

const dist = join(root, "scripts/docs/dist");
const screenshots = process.env.SCREENSHOTS;
const TYPES: Record<string, string> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".css": "text/css",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".woff2": "font/woff2",
};

/** The file that a path of the site leads to, as static hosts find it. */
function fileOf(path: string): string | undefined {
  const candidates = [path, `${path}.html`, join(path, "index.html")].map((each) => join(dist, each));
  return candidates.find((file) => file.startsWith(dist) && existsSync(file) && statSync(file).isFile());
}

let server: Server;
let site = "";

beforeAll(async () => {
  if (!existsSync(dist)) throw new Error("there is no scripts/docs/dist: npm run docs");
  server = createServer((request, response) => {
    const file = fileOf(decodeURIComponent(new URL(request.url ?? "/", "http://site").pathname));
    response.writeHead(file === undefined ? 404 : 200, {
      "content-type": TYPES[extname(file ?? ".html")] ?? "application/octet-stream",
      "content-security-policy": "default-src 'self' 'unsafe-inline' data:", // nothing from another host
    });
    response.end(file === undefined ? "" : readFileSync(file));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  site = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => server.close());

/** Opens a page of the site by its path; every request must be served, and by the site itself. */
const onSite = (path: string, run: (page: Page) => Promise<void>, view?: View) =>
  inBrowser(async (page) => {
    const wrong: string[] = [];
    page.on("request", (request) => {
      if (!/^(data:|blob:)/.test(request.url()) && !request.url().startsWith(site)) wrong.push(request.url());
    });
    page.on("response", (response) => {
      if (response.status() >= 400) wrong.push(`${response.status()} ${response.url()}`);
    });
    await page.goto(`${site}${path}`, { waitUntil: "networkidle" });
    await run(page);
    expect(wrong).toEqual([]);
  }, view);

async function shoot(page: Page, name: string): Promise<void> {
  if (screenshots === undefined) return;
  mkdirSync(screenshots, { recursive: true });
  await page.screenshot({ path: join(screenshots, `${name}.png`) });
}

test("a reader gets from the start page by a guide to the reference of a function", () =>
  onSite("/", async (page) => {
    await shoot(page, "home");
    await page.getByRole("link", { name: "Get started" }).click();
    await page.getByRole("heading", { level: 1, name: "Get started" }).waitFor();
    await page.locator(".VPSidebar").getByRole("link", { name: "Recipes" }).click();
    await page.getByRole("heading", { level: 1, name: "Recipes" }).waitFor();
    await page.getByRole("link", { name: "API reference" }).first().click();
    await page.locator("main").getByRole("link", { name: "index", exact: true }).first().click();
    await page.locator("main").getByRole("link", { name: "createOperationsClient" }).first().click();
    await page.getByRole("heading", { level: 1, name: /createOperationsClient/ }).waitFor();
    await shoot(page, "reference");
  }));

test("the search finds a page by a word of its text", () =>
  onSite("/start", async (page) => {
    await page
      .getByRole("button", { name: /search/i })
      .first()
      .click();
    await page.getByRole("searchbox").fill("WaitTimeoutError");
    await page.locator(".result").first().waitFor();
    await shoot(page, "search");
    await page.locator(".result").first().click();
    await page.getByText("WaitTimeoutError").first().waitFor();
    expect(new URL(page.url()).pathname).not.toBe("/start");
  }));

test("a page that does not exist is a page of the site", async () => {
  expect(fileOf("/404.html")).toBeDefined();
});

/** A page of each kind, and how each is shown. */
const WIDE = ["/", "/start", "/concepts", "/recipes", "/errors", "/reference/", "/architecture"];
const NARROW = ["/", "/start", "/recipes", "/reference/"];
const SHOWN: readonly [path: string, view: View][] = [
  ...WIDE.map((path): [string, View] => [path, {}]),
  ...NARROW.map((path): [string, View] => [path, { width: 360, height: 740, colorScheme: "dark" }]),
];

test.each(SHOWN)(
  "%s, shown as %j: axe-core finds nothing, and nothing is wider than the window",
  (path, view) =>
    onSite(
      path,
      async (page) => {
        await shoot(page, `${path.replaceAll("/", "_")}-${view.colorScheme ?? "light"}`);
        const isDark = await page.evaluate(() => document.documentElement.classList.contains("dark"));
        expect(isDark).toBe(view.colorScheme === "dark");
        const width = await page.evaluate(() => document.documentElement.scrollWidth);
        expect(width).toBeLessThanOrEqual(view.width ?? 1280);
        expect(await accessibilityProblems(page)).toEqual([]);
      },
      view,
    ),
);

test("the menu of a narrow page leads to every guide, by keyboard", () =>
  onSite(
    "/start",
    async (page) => {
      await page.getByRole("button", { name: "Menu" }).press("Enter");
      await page.locator(".VPSidebar").getByRole("link", { name: "Errors" }).press("Enter");
      await page.getByRole("heading", { level: 1, name: "Errors" }).waitFor();
    },
    { width: 360, height: 740 },
  ));
