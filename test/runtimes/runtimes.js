// SPDX-License-Identifier: Apache-2.0
import { execFile } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

export { startEmulator } from "longrunning/emulator";

const here = fileURLToPath(new URL(".", import.meta.url));
const modules = join(here, "node_modules");

/** Each runtime: gives what became of operations, over each transport that it has. Binaries come with packages, Chromium is Debian's. */
export const RUNTIMES = {
  "Node 20": (emulator) => runProgram(join(modules, "node20/bin/node"), [], emulator),
  "Node 22": (emulator) => runProgram(join(modules, "node22/bin/node"), [], emulator),
  "Node 24": (emulator) => runProgram(join(modules, "node24/bin/node"), [], emulator),
  "Node 26": (emulator) => runProgram(join(modules, "node26/bin/node"), [], emulator),
  Bun: (emulator) => runProgram(bun, ["run"], emulator),
  "Deno -A": (emulator) => runProgram(deno, ["run", "-A"], emulator),
  "Deno --allow-net": (emulator) => runProgram(deno, ["run", "--no-prompt", "--allow-net"], emulator),
  workerd: runWorker,
  Chromium: runPage,
};

// Its install script moves the binary from one package to the other, where npm runs install scripts.
const bun = ["bun/bin/bun.exe", "@oven/bun-linux-x64/bin/bun"]
  .map((path) => join(modules, path))
  .find(existsSync);
const deno = join(modules, "@deno/linux-x64-glibc/deno");

async function runProgram(binary, flags, { target }) {
  const targets = JSON.stringify([target(), target()]);
  const { stdout } = await promisify(execFile)(binary, [...flags, "program.js", targets], {
    cwd: here,
    timeout: 120_000,
  });
  return JSON.parse(stdout);
}

async function bundle(file, conditions) {
  const { build } = await import("esbuild");
  const { outputFiles } = await build({
    entryPoints: [join(here, file)],
    bundle: true,
    format: "esm",
    platform: "browser",
    ...(conditions && { conditions }),
    write: false,
    logLevel: "error",
  });
  return outputFiles[0].text;
}

async function runWorker({ target }) {
  const { Miniflare } = await import("miniflare");
  const script = await bundle("worker.js", ["workerd", "worker", "browser"]);
  const worker = new Miniflare({ modules: true, script, compatibilityDate: "2026-01-01" });
  try {
    const response = await worker.dispatchFetch("http://localhost/", {
      method: "POST",
      body: JSON.stringify(target()),
    });
    return JSON.parse(await response.text());
  } finally {
    await worker.dispose();
  }
}

async function runPage({ target }) {
  const { default: puppeteer } = await import("puppeteer-core");
  const script = await bundle("page.js");
  const site = createServer((request, response) => {
    const isScript = request.url === "/page.js";
    response.setHeader("content-type", isScript ? "text/javascript" : "text/html");
    response.end(isScript ? script : '<!doctype html><script type="module" src="/page.js"></script>');
  }).listen(0, "127.0.0.1");
  await once(site, "listening");
  const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium";
  const browser = await puppeteer.launch({ executablePath, args: ["--no-sandbox"] });
  try {
    const page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${site.address().port}/`);
    await page.waitForFunction(() => globalThis.live !== undefined);
    return await page.evaluate((targets) => globalThis.live(targets), [target(), target()]);
  } finally {
    await browser.close();
    site.closeAllConnections();
    site.close();
  }
}
