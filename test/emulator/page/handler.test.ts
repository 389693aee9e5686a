// SPDX-License-Identifier: Apache-2.0
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { startEmulator } from "../../../src/emulator.js";

const BROWSER = join(__dirname, "../../../src/emulator/page/browser");
const html = { accept: "text/html,application/xhtml+xml,*/*;q=0.8" };

test("a browser gets the page at /, a program an overview", async () => {
  await using emulator = await startEmulator();
  const page = await fetch(emulator.baseUrl, { headers: html });
  expect(page.headers.get("content-type")).toBe("text/html; charset=UTF-8");
  expect(page.headers.get("vary")).toBe("Accept");
  expect(await page.text()).toContain("<title>Longrunning emulator</title>");
  const overview = await fetch(emulator.baseUrl);
  expect(await overview.json()).toMatchObject({ control: "/emulator/v1/openapi.json" });
  expect(emulator.calls).toEqual([]);
});

test("every file may load from the emulator alone, and none may be framed", async () => {
  await using emulator = await startEmulator();
  const page = await (await fetch(emulator.baseUrl, { headers: html })).text();
  const files = [...page.matchAll(/(?:src|href)="(emulator\/page\/[^"]+)"/g)].map(([, file]) => `/${file}`);
  expect(files.length).toBeGreaterThan(3);
  for (const path of ["/", ...files, "/emulator/page/live.js"]) {
    const response = await fetch(`${emulator.baseUrl}${path}`, { headers: html });
    expect([path, response.status]).toEqual([path, 200]);
    const policy = (response.headers.get("content-security-policy") ?? "").split("; ");
    expect(policy).toEqual(expect.arrayContaining(["default-src 'self'", "frame-ancestors 'none'"]));
    expect(policy.join()).not.toMatch(/unsafe|\*|http|data:/);
    expect(response.headers.get("x-content-type-options")).toBe("nosniff");
  }
});

test.each([
  "/emulator/page/",
  "/emulator/page/nosuch.js",
  "/emulator/page/..%2f..%2fpackage.json",
  "/emulator/page/__proto__",
  "/emulator/page/files.ts",
])("%s is no file of the page", async (path) => {
  await using emulator = await startEmulator();
  expect((await fetch(`${emulator.baseUrl}${path}`)).status).toBe(404);
});

test.each(["POST", "PUT", "DELETE", "OPTIONS"])("a file of the page is not served by %s", async (method) => {
  await using emulator = await startEmulator();
  const response = await fetch(`${emulator.baseUrl}/emulator/page/index.html`, { method });
  expect([response.status, response.headers.get("allow")]).toEqual([405, "GET, HEAD"]);
});

test("the page makes no HTML from text, and asks nobody else for anything", () => {
  for (const name of readdirSync(BROWSER)) {
    const source = readFileSync(join(BROWSER, name), "utf8");
    expect(source).not.toMatch(
      /innerHTML|outerHTML|insertAdjacent|document\.write|createContextualFragment|eval\(/,
    );
    expect(source.replaceAll("http://www.w3.org/2000/svg", "")).not.toMatch(/https?:\/\//);
    expect(source).not.toMatch(/ style=| on[a-z]+="/);
  }
});

test("what is served is what its sources make", async () => {
  const { execFileSync } = await import("node:child_process");
  execFileSync(process.execPath, ["scripts/page.mjs", "--check"], { cwd: join(__dirname, "../../..") });
});
