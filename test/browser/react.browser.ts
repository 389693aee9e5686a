// SPDX-License-Identifier: Apache-2.0
import { build } from "esbuild";
import { docExamples } from "../architecture/doc-examples.js";
import { root } from "../architecture/source-files.js";
import { browserAlias } from "../browser-alias.js";
import { inBrowser } from "./browser.js";

const hook = docExamples("docs/recipes.md").find(({ name }) => name === "react");

/** A page with the hook over a fake operation, whose time the test moves. */
const PAGE = `
  import { createElement, StrictMode } from "react";
  import { createRoot } from "react-dom/client";
  import { createAdManagerClient } from "./src/admanager.ts";
  import { createFakeOperations } from "./src/testing.ts";
  import { useOperation } from "recipe";

  const fake = createFakeOperations({ reportRuns: { durationMs: 60_000 } });
  const operations = createAdManagerClient({ transport: fake.transport, clock: fake.clock });
  const run = await operations.runReport("networks/123/reports/789");
  const parent = "networks/123/operations/reports/runs";
  const endless = operations.operation(fake.operations.start({ parent, durationMs: Infinity }));
  const missing = operations.operation(parent + "/404");
  function Shown({ handle, id }) {
    const { snapshot, error } = useOperation(handle);
    return createElement("p", { id }, (snapshot?.state ?? "nothing yet") + " " + (error?.reason ?? ""));
  }
  const page = createRoot(document.body);
  const show = (...handles) => page.render(createElement(StrictMode, null,
    handles.map((handle, at) => createElement(Shown, { handle, id: "p" + at, key: at }))));
  show(run, endless, missing);
  Object.assign(globalThis, {
    advance: (ms) => fake.clock.advance(ms),
    leave: () => show(),
    calls: () => fake.calls.length,
  });
`;

test("the hook of docs/recipes.md shows an operation as it goes on, an error, and stops polling with its component", async () => {
  const { outputFiles } = await build({
    stdin: { contents: PAGE, resolveDir: root },
    bundle: true,
    format: "esm",
    write: false,
    platform: "browser",
    define: { "process.env.NODE_ENV": '"development"' },
    alias: browserAlias,
    tsconfigRaw: "{}",
    logLevel: "error",
    plugins: [
      {
        name: "recipe",
        setup: ({ onResolve, onLoad }) => {
          onResolve({ filter: /^recipe$/ }, () => ({ path: "recipe", namespace: "recipe" }));
          onLoad({ filter: /./, namespace: "recipe" }, () => ({
            contents: hook?.code ?? "",
            loader: "ts",
            resolveDir: root,
          }));
        },
      },
    ],
  });
  await inBrowser(async (page) => {
    await page.setContent("<!doctype html><html lang=en><title>React</title><body></body></html>");
    await page.addScriptTag({ type: "module", content: outputFiles[0]?.text ?? "" });
    await page.locator("#p0", { hasText: "running" }).waitFor();
    await page.getByText("nothing yet not-found").waitFor();
    const call = (expression: string) => page.evaluate<number | undefined>(expression);
    await call("advance(70_000)");
    await page.locator("#p0", { hasText: "succeeded" }).waitFor();
    await page.locator("#p1", { hasText: "running" }).waitFor();
    await call("leave()");
    await page.locator("p").first().waitFor({ state: "detached" });
    const calls = await call("calls()");
    await call("advance(3_600_000)");
    expect(await call("calls()")).toBe(calls);
  });
});
