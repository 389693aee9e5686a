// SPDX-License-Identifier: Apache-2.0
// dist/esm is for bundlers: modules that import Connect and protobuf-es, and the declarations. dist/node is for `import` and
// `require` in Node: a few files with the parts of Connect and protobuf-es that they use compiled in, since Node takes half a
// millisecond to find, read and link a module, and an entry point needs two hundred. Both ways of loading give a process one copy
// of every class. dist/cjs is for tools that run CommonJS by themselves, such as Jest, and repeats the declarations.
import { cp, readFile } from "node:fs/promises";
import { licensePlugin } from "rolldown-license-plugin";
import { defineConfig } from "tsdown";
import description from "./package.json" with { type: "json" };

/** The dependencies that are compiled in. All others are loaded from where they are installed. */
const COMPILED_IN = ["@bufbuild/protobuf", "@connectrpc/connect"];

/** Compiled into the command line alone: development dependencies, and what those bring. */
const COMMAND_LINE_ONLY = [
  "commander",
  "cli-progress",
  "csv-stringify",
  /^(ansi-regex|emoji-regex|is-fullwidth-code-point|string-width|strip-ansi)$/,
];

/** What most programs need is in one file, the rest in the files of the entry points that need it. */
const CORE =
  /[\\/](gen|src[\\/](admanager|auth|budgets|client|errors|http-rule|json|names|retry|time))[\\/](?!.*(field_info_pb|routing))/;

/** What a help page needs. A group takes in what its files import, so that this cannot just be left out of CORE. */
const SECRETS =
  /[\\/]src[\\/](errors[\\/]((sent-)?secrets|is-call-error|call-error-brand)|names[\\/](escape|version))\.ts$/;

const entry = { "src/*": "src/*.ts", "gen/*": "gen/**/*.ts" };

const common = {
  entry,
  platform: "node",
  target: "node20",
  clean: false, // "prebuild" does it, before any of the three begins
  dts: false,
  sourcemap: true,
  hash: false,
  report: false,
  logLevel: "warn",
  checks: { pluginTimings: false },
  outExtensions: () => ({ js: ".js" }),
  deps: {
    alwaysBundle: COMPILED_IN.map((name) => new RegExp(`^${name}(/|$)`)),
    onlyBundle: COMPILED_IN,
  },
  outputOptions: {
    chunkFileNames: "chunks/[name].js",
    comments: false,
    sourcemapExcludeSources: true, // they are in the package
    codeSplitting: {
      groups: [
        { name: "secrets", test: SECRETS, priority: 1 },
        { name: "core", test: CORE, tags: ["$initial"] },
      ],
    },
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

/** What "imports" of package.json chooses from: a bundler takes the one for its platform. */
const CHOICES = Object.fromEntries(
  Object.values(description.imports)
    .flatMap(Object.values)
    .map((file) => /src\/.+(?=\.js$)/.exec(file)[0])
    .map((path) => [path, `${path}.ts`]),
);

export default defineConfig([
  {
    ...common,
    format: "esm",
    outDir: "dist/esm",
    entry: { ...entry, ...CHOICES },
    deps: { neverBundle: /^#/ },
    dts: { tsconfig: "tsconfig.build.json", sourcemap: true, entry: ["src/*.ts", "gen/**/*.ts"] },
    plugins: [],
    outputOptions: {
      ...common.outputOptions,
      comments: { annotation: true, jsdoc: false, legal: false },
      // A bundler leaves out a file that nothing imports, and esbuild keeps every class of a file that something does.
      codeSplitting: { groups: [{ name: "is-call-error", test: /is-call-error\.ts$/ }] },
    },
    hooks: {
      "build:done": () =>
        cp("dist/esm", "dist/cjs", { recursive: true, filter: (path) => !/\.js(\.map)?$/.test(path) }),
    },
  },
  {
    ...common,
    format: "esm",
    outDir: "dist/node",
    entry: { ...entry, "src/cli/main": "src/cli/main.ts", "src/codegen/main": "src/codegen/main.ts" },
    deps: { ...common.deps, onlyBundle: [...COMPILED_IN, ...COMMAND_LINE_ONLY] },
  },
  {
    ...common,
    format: "cjs",
    outDir: "dist/cjs",
    outputOptions: { ...common.outputOptions, dynamicImportInCjs: false },
    plugins: [...common.plugins, describeAsCommonJs],
  },
]);
