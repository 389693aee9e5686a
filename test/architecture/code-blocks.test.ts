// SPDX-License-Identifier: Apache-2.0
import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { parse } from "yaml";
import { type Emulator, startEmulator } from "../../src/emulator.js";
import { home } from "../cli/home.js";
import { runHere } from "../cli/in-process.js";
import { type DocExample, docExamples } from "./doc-examples.js";
import { root } from "./source-files.js";

// Every block of code in every document is run by a test, or read here by the program that it is written for. None is skipped.

const documents = [
  ...readdirSync(root).filter((file) => file.endsWith(".md")),
  ...readdirSync(join(root, "docs"), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".md"))
    .map((file) => join("docs", file).replaceAll("\\", "/")),
];
const blocks = documents.flatMap(docExamples);

/** The tests that run the named blocks of a document; each finds a block by its name. */
const RUN_BY: Record<string, readonly string[]> = {
  "docs/protos.md": ["test/package/protos-page.test.ts"],
  "docs/testing.md": ["test/testing/guide.test.ts", "test/peers/run.js"],
  "docs/recipes.md": ["test/recipes/recipes.test.ts"],
  "docs/migrating.md": ["test/recipes/recipes.test.ts"],
};
const OTHERWISE = ["test/architecture/documents.test.ts"];

const textOf = (file: string) => readFileSync(join(root, file), "utf8");
const documentOf = ({ at }: DocExample) => at.replace(/:\d+$/, "");

/** Whether a test names the block, as a key or as text. */
function isRun(block: DocExample): boolean {
  const { name } = block;
  if (name === undefined) return false;
  const tests = RUN_BY[documentOf(block)] ?? OTHERWISE;
  return tests.some((file) => new RegExp(`["' ,]${name}["',:]|, ${name}"`).test(textOf(file)));
}

const { scripts } = JSON.parse(textOf("package.json"));

let emulator: Emulator;
beforeAll(async () => {
  emulator = await startEmulator();
});
afterAll(() => emulator.close());

const USAGE_ERROR = 2;

/** What reads a block that no test runs: each throws when the block is wrong. */
const READERS: Record<string, (code: string, document: string) => unknown> = {
  console: (_, document) => expect(textOf("test/cli/process/session.test.ts")).toContain(`"${document}"`),
  sh: async (code) => {
    execFileSync("sh", ["-n"], { input: code });
    for (const [, script = ""] of code.matchAll(/npm run ([\w:-]+)/g)) expect(scripts).toHaveProperty(script);
    for (const [, line = ""] of code.matchAll(/^longrunning (.*)$/gm)) {
      const ended = await runHere([...line.split(" "), "--endpoint", emulator.baseUrl]);
      expect(ended).not.toMatchObject({ status: USAGE_ERROR });
    }
  },
  yaml: async (code) => {
    if (code.startsWith("operations:")) {
      const { methods: _, ...script } = parse(code); // whose service the reader brings
      await (await startEmulator({ script })).close();
      return;
    }
    const cwd = join(home(), "settings");
    mkdirSync(cwd, { recursive: true });
    writeFileSync(join(cwd, "longrunning.yaml"), code);
    const name = "projects/p/instances/i/databases/d/operations/o";
    const ended = await runHere(["get", name, "--endpoint", emulator.baseUrl], { cwd });
    expect(ended.stderr).toContain('"code":"NOT_FOUND"'); // as `format: json` has it
  },
  js: (code) => expect(syntaxErrorsOf(code)).toEqual([]),
  ts: (code) => expect(syntaxErrorsOf(code)).toEqual([]),
};

/** What the compiler finds in a block by itself. */
function syntaxErrorsOf(code: string): unknown[] {
  const compilerOptions = { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext };
  const { diagnostics = [] } = ts.transpileModule(code, { reportDiagnostics: true, compilerOptions });
  return diagnostics.map(({ messageText }) => messageText);
}

const read = blocks.filter((block) => !isRun(block));

test("every block is run by a test, or is read here", () => {
  expect(read.filter(({ language }) => READERS[language] === undefined).map(({ at }) => at)).toEqual([]);
  console.log(
    `${blocks.length} blocks of code in ${documents.length} documents: ${blocks.length - read.length} run, ${read.length} read or compiled, 0 skipped`,
  );
});

test.each(read.map((block) => [block.at, block] as const))(
  "%s can be used as it stands",
  async (_, block) => {
    await READERS[block.language]?.(block.code, documentOf(block));
  },
);

test("a block that cannot be used is found", async () => {
  await expect((async () => READERS.sh?.("npm run nosuch", ""))()).rejects.toThrow();
  await expect((async () => READERS.sh?.("if true", ""))()).rejects.toThrow();
  await expect((async () => READERS.sh?.("longrunning cancle x", ""))()).rejects.toThrow();
  expect(() => READERS.ts?.("const = 1", "")).toThrow();
});

test("the recorded session of the README is the one that it shows as text", () => {
  const block = blocks.find(({ at, language }) => at.startsWith("README.md:") && language === "console");
  const lines = [...textOf("docs/images/session.svg").matchAll(/<text [^>]*>(.*)<\/text>/g)].map(
    ([, text = ""]) =>
      text
        .replaceAll(/<[^>]+>/g, "")
        .replaceAll("&lt;", "<")
        .replaceAll("&gt;", ">")
        .replaceAll("&amp;", "&"),
  );
  expect(lines.join("\n")).toBe(block?.code);
});

test("the README compares with the versions that are installed", () => {
  const header = /^\| \| longrunning \|.*$/m.exec(textOf("README.md"))?.[0] ?? "";
  const minorOf = (name: string) => {
    const { version } = JSON.parse(textOf(`node_modules/${name}/package.json`));
    return /^\d+\.\d+/.exec(version)?.[0];
  };
  const versions = ["google-gax", "@google-ads/admanager", "@connectrpc/connect"].map(minorOf);
  expect([...header.matchAll(/\d+\.\d+/g)].map(([version]) => version)).toEqual(versions);
});
