// SPDX-License-Identifier: Apache-2.0
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { create } from "@bufbuild/protobuf";
import { anyPack, StringValueSchema, StructSchema } from "@bufbuild/protobuf/wkt";
import { Code } from "@connectrpc/connect";
import type { Page } from "playwright-core";
import type { Emulator } from "../../src/emulator.js";
import { createFakeClock } from "../../src/testing.js";
import { accessibilityProblems } from "./browser.js";
import { withPage } from "./emulator-page.js";

const IMAGES = join(__dirname, "../../docs/images");
const RUNS = "networks/123/operations/reports/runs";
const row = (page: Page, name: string) => page.locator("#operations-list li").filter({ hasText: name });
const get = (emulator: Emulator, name: string) => fetch(`${emulator.baseUrl}/v1/${name}`);

const addFault = (emulator: Emulator, fault: object) =>
  fetch(`${emulator.baseUrl}/emulator/v1/faults`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(fault),
  });
const text = (value: string) => anyPack(StringValueSchema, create(StringValueSchema, { value }));

test("an operation is started from the form, watched, and cancelled by keyboard alone", () =>
  withPage(async ({ emulator, page }) => {
    await page.getByText("Live", { exact: true }).waitFor();
    await page.getByRole("button", { name: "Start operation" }).focus();
    await page.keyboard.press("Enter");
    await page.keyboard.type("operations/import");
    await page.keyboard.press("Tab");
    await page.keyboard.type("never");
    await page.getByLabel("Metadata, in JSON").fill('{"step": "reading"}');
    await page.getByRole("button", { name: "Start", exact: true }).press("Enter");
    await row(page, "operations/import").getByText("running").waitFor();
    await page.locator("pre").filter({ hasText: '"step": "reading"' }).waitFor();

    await row(page, "operations/import").getByRole("button", { name: "Cancel operations/import" }).press(" ");
    await row(page, "operations/import").getByText("cancelled").waitFor();
    await page.locator("pre").filter({ hasText: "The operation was cancelled." }).waitFor();
    expect(emulator.operations.find("operations/import")?.cancelRequested).toBe(true);
  }));

test("progress, state and time left follow the emulator's time", async () => {
  const clock = createFakeClock({ startMs: Date.UTC(2026, 0, 1) });
  await withPage(
    async ({ emulator, page }) => {
      const name = emulator.operations.start({ id: "a", durationMs: 100_000, response: text("done") });
      await row(page, name).getByText("1 m 40 s left").waitFor();
      await row(page, name).getByRole("button", { name }).first().click();
      await clock.advance(40_000);
      await row(page, name).getByText("1 m left").waitFor();
      expect(await row(page, name).getByRole("progressbar").getAttribute("value")).toBe("40");
      await page.getByRole("button", { name: "Advance time" }).click();
      const advance = page.getByRole("dialog", { name: "Advance the emulator's time" });
      await advance.getByLabel("By").fill("1h");
      await advance.getByRole("button", { name: "Advance" }).click();
      await row(page, name).getByText("succeeded").waitFor();
      await page.locator("pre").filter({ hasText: '"value": "done"' }).waitFor();
      await page.getByText("01:00:40").waitFor();
    },
    { clock },
  );
});

test("an operation is finished, failed and deleted", () =>
  withPage(async ({ emulator, page }) => {
    const names = ["a", "b", "c"].map((id) =>
      emulator.operations.start({ id, durationMs: Number.POSITIVE_INFINITY }),
    );
    const choose = (name = "") => row(page, name).getByRole("button", { name }).first().click();
    await choose(names[0]);
    await page.getByRole("button", { name: "Finish", exact: true }).click();
    const finish = page.getByRole("dialog", { name: "Finish with a response" });
    await finish.getByLabel("Response, in JSON").fill("{rows");
    await finish.getByRole("button", { name: "Finish" }).click();
    await finish.getByRole("alert").getByText("Response: not JSON").waitFor();
    await finish.getByLabel("Response, in JSON").fill('{"rows": 3}');
    await finish.getByRole("button", { name: "Finish" }).click();
    await row(page, "operations/a").getByText("succeeded").waitFor();

    await choose(names[1]);
    await page.getByRole("button", { name: "Fail", exact: true }).click();
    const fail = page.getByRole("dialog", { name: "Fail with an error" });
    await fail.getByLabel("Code").selectOption("DATA_LOSS");
    await fail.getByLabel("Message").fill("Row 7 is gone.");
    await fail.getByRole("button", { name: "Fail" }).click();
    await row(page, "operations/b").getByText("failed").waitFor();
    await page.locator("pre").filter({ hasText: "Row 7 is gone." }).waitFor();
    expect(emulator.operations.get("operations/b").result).toMatchObject({ value: { code: Code.DataLoss } });

    await choose(names[2]);
    await page.getByRole("button", { name: "Delete", exact: true }).click();
    await row(page, "operations/c").waitFor({ state: "detached" });
    expect(emulator.operations.find("operations/c")).toBeUndefined();
  }));

test("calls appear as they come, and are filtered", () =>
  withPage(async ({ emulator, page }) => {
    const name = emulator.operations.start();
    await get(emulator, name);
    await get(emulator, "operations/nosuch");
    await fetch(`${emulator.baseUrl}/google.longrunning.Operations/ListOperations`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: "{}",
    });
    const rows = page.locator("#calls-list tr");
    await rows.filter({ hasText: "ListOperations" }).waitFor();
    expect(await rows.filter({ hasText: "NOT_FOUND" }).allInnerTexts()).toEqual([
      expect.stringMatching(/REST\s+GetOperation\s+GET \/v1\/operations\/nosuch HTTP\/1.1\s+NOT_FOUND/),
    ]);
    await page.getByLabel("Status", { exact: true }).selectOption("errors");
    await expect(rows.allInnerTexts()).resolves.toHaveLength(1);
    await page.getByLabel("Status", { exact: true }).selectOption("");
    await page.getByLabel("Protocol", { exact: true }).selectOption("connect");
    await expect(rows.allInnerTexts()).resolves.toHaveLength(1);
    await page.getByLabel("Protocol", { exact: true }).selectOption("");
    await page.getByLabel("Filter calls").fill("getoperation");
    await expect(rows.allInnerTexts()).resolves.toHaveLength(2);
  }));

test("a fault is switched on and off, another one added, and all survive a reload", () =>
  withPage(async ({ emulator, page }) => {
    const name = emulator.operations.start();
    const unavailable = page.getByRole("switch", { name: /^Server unavailable/ });
    await unavailable.click();
    await page.getByRole("switch", { name: /^Server unavailable/, checked: true }).waitFor();
    expect((await get(emulator, name)).status).toBe(503);
    await page.reload();
    await page.getByRole("switch", { name: /^Server unavailable/, checked: true }).waitFor();
    await row(page, name).waitFor();
    await page.locator("#calls-list tr").filter({ hasText: "UNAVAILABLE" }).waitFor();
    await unavailable.press(" ");
    await page.getByRole("switch", { name: /^Server unavailable/, checked: false }).waitFor();
    expect((await get(emulator, name)).status).toBe(200);

    await page.getByText("Add another fault").click();
    await page.getByLabel("What goes wrong").selectOption("page");
    await page.getByLabel("HTTP status").fill("504");
    await page.getByLabel("In calls of").selectOption({ label: "GetOperation" });
    await page.getByLabel("How often").selectOption("Every 2nd call");
    await page.getByRole("button", { name: "Add fault" }).click();
    await page.getByRole("switch", { name: /^Added fault page, status 504/, checked: true }).waitFor();
    expect([(await get(emulator, name)).status, (await get(emulator, name)).status]).toEqual([200, 504]);
  }));

test("text from clients is never HTML", () =>
  withPage(async ({ emulator, page }) => {
    const html = "<img src=x onerror=alert(1)><script>alert(2)</script>";
    const name = emulator.operations.start({
      id: html.replaceAll("/", ""),
      durationMs: 0,
      error: { code: Code.Internal, message: html },
      metadata: text(html),
    });
    await fetch(`${emulator.baseUrl}/v1/x?y=${html}`);
    emulator.faults.add({ kind: "error", code: Code.Internal, message: html });
    await addFault(emulator, { kind: "page", status: 500, body: html, "content-type": html });
    await row(page, name).getByRole("button", { name }).first().click();
    await page.locator("pre").filter({ hasText: "onerror" }).first().waitFor();
    await page.locator("#calls-list tr").filter({ hasText: "/v1/x?y=" }).waitFor();
    await page.locator("#faults-list li").filter({ hasText: "onerror" }).waitFor();
    expect(await page.locator("main img, main script").count()).toBe(0);
  }));

test("the connection that is lost is made again, and begins with what is there then", () =>
  withPage(async ({ emulator, page }) => {
    await page.getByText("Live", { exact: true }).waitFor();
    await page.getByRole("button", { name: "Pause" }).click();
    await page.getByText("Paused", { exact: true }).waitFor();
    const name = emulator.operations.start();
    await page.getByRole("button", { name: "Pause" }).click();
    await row(page, name).waitFor();
  }));

test("an emulator with a token asks for it, and lets in who has it", () =>
  withPage(
    async ({ emulator, page }) => {
      const name = emulator.operations.start();
      const dialog = page.getByRole("dialog", { name: "This emulator asks for its control token" });
      await dialog.getByLabel("Control token").fill("wrong");
      await dialog.getByRole("button").click();
      await page.getByText("expected the control token").waitFor();
      await dialog.getByLabel("Control token").fill("secret");
      await dialog.getByRole("button").click();
      await row(page, name).waitFor();
      await page.reload();
      await row(page, name).waitFor();
    },
    { controlToken: "secret" },
  ));

test("a thousand operations that move, and calls at full speed, leave the page at once usable", () =>
  withPage(async ({ emulator, page }) => {
    await page.getByText("Live", { exact: true }).waitFor();
    await page.evaluate(() => {
      const page = globalThis as never as { longestMs: number }; // read below
      page.longestMs = 0;
      new PerformanceObserver((list) => {
        for (const { duration } of list.getEntries()) page.longestMs = Math.max(page.longestMs, duration);
      }).observe({ type: "longtask" });
    });
    for (let at = 0; at < 1_000; at++) emulator.operations.start({ id: `op-${at}`, durationMs: 60_000 + at });
    await page.locator("#operations-count").getByText("1,000").waitFor();
    await page.getByText("1 to 25 of 1000").waitFor();
    for (let round = 0; round < 5; round++) {
      await Promise.all(Array.from({ length: 60 }, (_, at) => get(emulator, `operations/op-${at}`)));
    }
    for (let at = 0; at < 1_000; at += 2)
      emulator.operations.finish(`operations/op-${at}`, { response: text("x") });
    await page.getByLabel("Filter operations by name").fill("op-998");
    await row(page, "operations/op-998").getByText("succeeded").waitFor();
    expect(await page.locator("#operations-list li").count()).toBe(1);
    await page.getByLabel("Filter operations by name").fill("");
    await page.getByRole("button", { name: "Older" }).click();
    await page.getByText("26 to 50 of 1000").waitFor();
    expect(await page.locator("#operations-list li").count()).toBe(25);
    expect(await page.locator("#calls-list tr").count()).toBe(100);
    const longestMs = await page.evaluate(() => (globalThis as never as { longestMs: number }).longestMs);
    console.log(`the longest task of the page took ${longestMs} ms`);
  }));

const shown = async ({ emulator, page }: { emulator: Emulator; page: Page }) => {
  const struct = (fields: Record<string, string | number>) =>
    anyPack(
      StructSchema,
      create(StructSchema, {
        fields: Object.fromEntries(
          Object.entries(fields).map(([key, value]) => [
            key,
            {
              kind:
                typeof value === "string"
                  ? { case: "stringValue" as const, value }
                  : { case: "numberValue" as const, value },
            },
          ]),
        ),
      }),
    );
  const { operations } = emulator;
  operations.start({ parent: RUNS, id: "1001", durationMs: 0, response: struct({ rows: 48_210 }) });
  operations.start({
    parent: RUNS,
    id: "1002",
    durationMs: 0,
    error: { code: Code.FailedPrecondition, message: "The report has no rows." },
  });
  operations.start({ parent: RUNS, id: "1003", durationMs: 90_000, onCancel: "cancels", cancelDelayMs: 0 });
  operations.start({ parent: "projects/demo/operations", id: "backup", durationMs: 5_400_000 });
  operations.start({
    parent: "projects/demo/operations",
    id: "import",
    durationMs: Number.POSITIVE_INFINITY,
  });
  operations.start({
    parent: RUNS,
    id: "1004",
    durationMs: 240_000,
    metadata: struct({ step: "reading", rowsRead: 31_877 }),
  });
  await get(emulator, `${RUNS}/1004`);
  await fetch(`${emulator.baseUrl}/v1/${RUNS}/1003:cancel`, { method: "POST" });
  await get(emulator, `${RUNS}/1003`);
  await get(emulator, "operations/nobody");
  await addFault(emulator, { kind: "error", code: "UNAVAILABLE" });
  await get(emulator, `${RUNS}/1004`);
  await row(page, "runs/1004").getByRole("button", { name: "1004" }).first().click();
  await page.locator("pre").filter({ hasText: "rowsRead" }).waitFor();
  await page.locator("#calls-list tr").filter({ hasText: "UNAVAILABLE" }).waitFor();
};

test.each([
  ["light", { colorScheme: "light", height: 1000 }, "emulator-light.png"],
  ["dark", { colorScheme: "dark", height: 1000 }, "emulator-dark.png"],
  ["narrow", { width: 360, height: 740 }, undefined],
  ["narrow and dark", { width: 360, height: 740, colorScheme: "dark" }, undefined],
] as const)("nothing stands in the way of assistive technology: %s", async (_, view, image) => {
  const clock = createFakeClock({ startMs: Date.UTC(2026, 0, 1, 9, 30) });
  await withPage(
    async (open) => {
      const { page } = open;
      const ready = shown(open);
      await ready;
      await clock.advance(75_000);
      await page.getByText("2 m 45 s left").waitFor();
      expect(await accessibilityProblems(page)).toEqual([]);
      const { scrollWidth } = await page.evaluate(() => ({
        scrollWidth: document.documentElement.scrollWidth,
      }));
      expect(scrollWidth).toBeLessThanOrEqual(page.viewportSize()?.width ?? 0);
      if (image !== undefined && process.env.SCREENSHOTS !== undefined) {
        mkdirSync(IMAGES, { recursive: true });
        await page.screenshot({ path: join(IMAGES, image) });
      }
      await page.getByText("Add another fault").click();
      await page.getByRole("button", { name: "Start operation" }).click();
      expect(await accessibilityProblems(page)).toEqual([]);
    },
    { clock },
    view,
  );
});
