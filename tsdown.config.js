// SPDX-License-Identifier: Apache-2.0
// What Node loads: a few files with the parts of Connect and protobuf-es that they use compiled in, since Node takes half a
// millisecond to find, read and link a module, and an entry point stands on two hundred. dist/node is for `import` and `require`
// in Node, so that a process has one copy of every class. dist/cjs is for tools that run CommonJS by themselves, such as Jest.
// Runs after `tsc -p tsconfig.build.json`, which writes the modules one by one, and all declarations, to dist/esm.
import { cp, readFile } from "node:fs/promises";
import { licensePlugin } from "rolldown-license-plugin";
import { defineConfig } from "tsdown";

/** The dependencies that are compiled in. All others are loaded from where they are installed. */
const COMPILED_IN = ["@bufbuild/protobuf", "@connectrpc/connect"];

/** Compiled into the command line alone: development dependencies, and what those bring. */
const COMMAND_LINE_ONLY = [
  "commander",
  "cli-progress",
  /^(ansi-regex|emoji-regex|is-fullwidth-code-point|string-width|strip-ansi)$/,
];

/** What most programs need stands in one file, the rest in the files of the entry points that bring it. */
const CORE = /[\\/](gen|src[\\/](admanager|auth|client|errors|http-rule|json|names|retry|time))[\\/]/;

const common = {
  entry: { "src/*": "src/*.ts", "gen/*": "gen/**/*.ts" },
  platform: "node",
  target: "node20",
  dts: false,
  sourcemap: true,
  hash: false,
  report: false,
  logLevel: "warn",
  outExtensions: () => ({ js: ".js" }),
  deps: {
    alwaysBundle: COMPILED_IN.map((name) => new RegExp(`^${name}(/|$)`)),
    onlyBundle: COMPILED_IN,
  },
  outputOptions: {
    chunkFileNames: "chunks/[name].js",
    comments: false,
    sourcemapExcludeSources: true, // they are in the package
    codeSplitting: { groups: [{ name: "core", test: CORE, tags: ["$initial"] }] },
  },
  plugins: [licensePlugin({ done: writeNotice })],
};

/** Says whose work is compiled in, beside the files that hold it. */
async function writeNotice(packages, context) {
  const parts = await Promise.all(
    packages.map(async ({ name, version, license, licenseText }) => {
      const text = licenseText || (await readFile(`scripts/licenses/${name.replace("/", "-")}.txt`, "utf8"));
      return `${name} ${version}, ${license}\n\n${text}`;
    }),
  );
  const source = `Parts of these packages are compiled into the files of this folder.\n\n${parts.join("\n\n")}`;
  context.emitFile({ type: "asset", fileName: "NOTICE", source });
}

/** The nearest package.json decides what the files of a folder are, declarations too. */
const describeAsCommonJs = {
  name: "describe-as-commonjs",
  generateBundle() {
    const source = `${JSON.stringify({ type: "commonjs", sideEffects: false })}\n`;
    this.emitFile({ type: "asset", fileName: "package.json", source });
  },
};

export default defineConfig([
  {
    ...common,
    format: "esm",
    outDir: "dist/node",
    entry: { ...common.entry, "src/cli/main": "src/cli/main.ts", "src/codegen/main": "src/codegen/main.ts" },
    deps: { ...common.deps, onlyBundle: [...COMPILED_IN, ...COMMAND_LINE_ONLY] },
  },
  {
    ...common,
    format: "cjs",
    outDir: "dist/cjs",
    outputOptions: { ...common.outputOptions, dynamicImportInCjs: false },
    plugins: [...common.plugins, describeAsCommonJs],
    hooks: {
      "build:done": () =>
        cp("dist/esm", "dist/cjs", { recursive: true, filter: (path) => !/\.js(\.map)?$/.test(path) }),
    },
  },
]);
