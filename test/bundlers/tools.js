// SPDX-License-Identifier: Apache-2.0
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { createServer } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

export { startEmulator } from "longrunning/emulator";

const here = fileURLToPath(new URL(".", import.meta.url));
const main = join(here, "main.js");
const run = promisify(execFile);

/**
 * What each tool makes of the program: `build` writes it into a folder, and gives the file that Node runs; `results` does all by
 * itself, and gives what the program said for each operation that `start` starts. A warning is a failure.
 */
export const TOOLS = {
  "esbuild for browsers": {
    build: (out) => withEsbuild(out, "main.mjs", { platform: "browser", format: "esm" }),
  },
  "esbuild for Node, ES module": {
    build: (out) => withEsbuild(out, "main.mjs", { platform: "node", format: "esm" }),
  },
  "esbuild for Node, CommonJS": {
    build: (out) => withEsbuild(out, "main.cjs", { platform: "node", format: "cjs" }),
  },
  "webpack for browsers": { build: (out) => withWebpack(out, { target: "web", globalObject: "globalThis" }) },
  "webpack for Node": { build: (out) => withWebpack(out, { target: "node20" }) },
  "Rollup for browsers": { build: (out) => withRollup(out, { browser: true }) },
  "Rollup for Node": {
    build: (out) => withRollup(out, { exportConditions: ["node"], preferBuiltins: true }),
  },
  "Vite for browsers": { build: (out) => withVite(out, {}) },
  "Vite for Node": {
    build: (out) => withVite(out, { build: { ssr: true }, ssr: { noExternal: ["longrunning"] } }),
  },
  "Parcel for browsers": { build: (out) => withParcel(out, { context: "browser" }) },
  "Parcel for Node": {
    build: (out) => withParcel(out, { context: "node", includeNodeModules: ["longrunning"] }),
  },
  "Jest 29": { results: () => withJest() },
  "Next 15, webpack": { results: (start) => withNext("next15", [], start) },
  "Next 15, turbopack": { results: (start) => withNext("next15", ["--turbopack"], start) },
  "Next 16, turbopack": { results: (start) => withNext("next16", [], start) },
  "Next 16, webpack": { results: (start) => withNext("next16", ["--webpack"], start) },
  "TypeScript, node10": { results: () => withTypeScript("commonjs", "node10") },
  "TypeScript, node16": { results: () => withTypeScript("node16", "node16") },
  "TypeScript, bundler": { results: () => withTypeScript("esnext", "bundler") },
};

async function withEsbuild(out, name, options) {
  const { build } = await import("esbuild");
  const outfile = join(out, name);
  const { warnings } = await build({
    entryPoints: [main],
    bundle: true,
    outfile,
    logLevel: "silent",
    ...options,
  });
  if (warnings.length > 0) throw new Error(warnings.map(({ text }) => text).join("\n"));
  return outfile;
}

async function withWebpack(out, { target, globalObject }) {
  const { default: webpack } = await import("webpack");
  const compiler = webpack({
    mode: "production",
    target,
    entry: main,
    context: here,
    performance: { hints: false },
    output: { path: out, filename: "main.cjs", publicPath: "", ...(globalObject && { globalObject }) },
  });
  const stats = await promisify(compiler.run.bind(compiler))();
  if (stats.hasErrors() || stats.hasWarnings()) throw new Error(stats.toString("errors-warnings"));
  return join(out, "main.cjs");
}

async function withRollup(out, options) {
  const [{ rollup }, { nodeResolve }, { default: commonjs }, { default: json }] = await Promise.all([
    import("rollup"),
    import("@rollup/plugin-node-resolve"),
    import("@rollup/plugin-commonjs"),
    import("@rollup/plugin-json"),
  ]);
  const onwarn = ({ message, id = "", ids = [id] }) => {
    // google-auth-library and Connect have circles, and a `this` of their own.
    if (ids.some((each) => /node_modules\/longrunning\//.test(each))) throw new Error(message);
  };
  const bundle = await rollup({ input: main, onwarn, plugins: [nodeResolve(options), commonjs(), json()] });
  const { output } = await bundle.write({
    dir: out,
    format: "esm",
    entryFileNames: "main.mjs",
    chunkFileNames: "[name].mjs",
  });
  return join(out, output[0].fileName);
}

async function withVite(out, { build, ...options }) {
  const { build: viteBuild } = await import("vite");
  await viteBuild({
    root: here,
    logLevel: "error",
    ...options,
    build: {
      outDir: out,
      emptyOutDir: false,
      rollupOptions: { input: main, output: { entryFileNames: "main.mjs" } },
      ...build,
    },
  });
  return join(out, "main.mjs");
}

async function withParcel(out, target) {
  const { Parcel } = await import("@parcel/core");
  const bundler = new Parcel({
    entries: main,
    defaultConfig: "@parcel/config-default",
    cacheDir: join(out, "cache"),
    mode: "production",
    shouldDisableCache: true,
    targets: {
      main: {
        distDir: out,
        distEntry: "main.mjs",
        outputFormat: "esmodule",
        isLibrary: false,
        scopeHoist: true,
        ...target,
      },
    },
  });
  await bundler.run();
  return join(out, "main.mjs");
}

async function withJest() {
  const args = ["--rootDir", here, "--testMatch", "**/commonjs.test.cjs", "--watchman=false"];
  const jest = join(here, "node_modules/jest/bin/jest.js");
  await run(process.execPath, [jest, ...args, "--config", '{"transform":{}}'], { cwd: here });
  return [];
}

/** The server action of docs/recipes.md, as JavaScript. */
async function serverActionRecipe() {
  const page = readFileSync(join(here, "node_modules/longrunning/docs/recipes.md"), "utf8");
  const [, recipe] = /<!-- example: next -->\n```ts\n([\s\S]*?)\n```/.exec(page);
  const { transform } = await import("esbuild");
  return (await transform(recipe, { loader: "ts" })).code;
}

async function withNext(folder, flags, start) {
  const cwd = join(here, folder);
  for (const made of ["app", ".next"]) rmSync(join(cwd, made), { recursive: true, force: true });
  cpSync(join(here, "next-app"), join(cwd, "app"), { recursive: true });
  writeFileSync(join(cwd, "app/actions.js"), await serverActionRecipe());
  const next = createRequire(join(cwd, "package.json")).resolve("next/dist/bin/next");
  const env = { ...process.env, NEXT_TELEMETRY_DISABLED: "1", NODE_ENV: "production" };
  const { stdout, stderr } = await run(process.execPath, [next, "build", ...flags], { cwd, env });
  if (/warn/i.test(stderr) && /longrunning/.test(stderr)) throw new Error(stdout + stderr);
  const port = await freePort();
  const server = spawn(process.execPath, [next, "start", "-p", String(port)], {
    cwd,
    env,
    stdio: ["ignore", "pipe", "inherit"],
  });
  try {
    for await (const text of server.stdout) if (/ready/i.test(String(text))) break;
    const { baseUrl, name } = start();
    const response = await fetch(`http://127.0.0.1:${port}/api?${new URLSearchParams({ baseUrl, name })}`);
    return [await response.json()];
  } finally {
    server.kill();
    if (server.exitCode === null) await once(server, "exit");
  }
}

async function withTypeScript(module, moduleResolution) {
  const tsc = join(here, "node_modules/typescript/bin/tsc");
  const options = { module, moduleResolution, target: "es2022", strict: true, noEmit: true, types: ["node"] };
  const flags = Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)]);
  await run(process.execPath, [tsc, ...flags, "--skipLibCheck", "types.ts"], { cwd: here });
  return [];
}

async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  await once(server, "close");
  return port;
}

/** Builds with a tool into a new folder, and runs what it built. */
export async function resultsOf({ build, results }, start) {
  if (results !== undefined) return results(start);
  const out = join(here, ".out", String(process.hrtime.bigint()));
  mkdirSync(out, { recursive: true });
  writeFileSync(join(out, "package.json"), '{ "type": "module" }');
  try {
    const file = await build(out);
    const { baseUrl, name } = start();
    const { stdout } = await run(process.execPath, [file, baseUrl, name], { cwd: out });
    return [JSON.parse(stdout)];
  } finally {
    rmSync(out, { recursive: true });
  }
}
