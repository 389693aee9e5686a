// SPDX-License-Identifier: Apache-2.0
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { builtinModules, SourceMap } from "node:module";
import { homedir } from "node:os";
import { join } from "node:path";
import ts from "typescript";
import { root } from "../architecture/source-files.js";

/** Limits of the packed package: raise them knowingly. */
const MAX_FILES = 980;
const MAX_PACKED_BYTES = 1.95e6;

const {
  dependencies,
  peerDependencies,
  imports,
  scripts: npmScripts,
} = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));

const built = readdirSync(join(root, "dist"), { recursive: true, encoding: "utf8" })
  .map((path) => join("dist", path).replaceAll("\\", "/"))
  .filter((path) => /\.(js|ts|map|json)$|NOTICE$/.test(path));
const textOf = (file: string) => readFileSync(join(root, file), "utf8");
const scripts = built.filter((file) => file.endsWith(".js"));

/** The specifiers of static and dynamic imports and of `require`, in what a compiler wrote. */
function specifiersOf(file: string): string[] {
  const pattern = /^(?:import|export) (?:[^"';]*? from )?"([^"]+)";?$|\b(?:import|require)\("([^"]+)"\)/gm;
  return [...textOf(file).matchAll(pattern)].map(([, fixed, called]) => fixed ?? called ?? "");
}

test("what is built loads files of its own, Node's modules, and dependencies by their entry points", () => {
  const wrong: string[] = [];
  for (const file of scripts) {
    for (const specifier of specifiersOf(file)) {
      const name = /^(?:@[^/]+\/)?[^/]+/.exec(specifier)?.[0] ?? "";
      const isOurs = specifier.startsWith(".") || (specifier in imports && file.startsWith("dist/esm/"));
      const isNodes = specifier.startsWith("node:") || builtinModules.includes(specifier);
      const isDependency = name in { ...dependencies, ...peerDependencies } && !specifier.includes("/lib/");
      if (!isOurs && !isNodes && !isDependency) wrong.push(`${file} loads ${specifier}`);
    }
  }
  expect(wrong).toEqual([]);
  expect(scripts.length).toBeGreaterThan(50);
});

test("a help page of the command line loads little code", () => {
  const loaded = new Set<string>();
  const load = (file: string): void => {
    if (loaded.has(file)) return;
    loaded.add(file);
    const imported = textOf(file).matchAll(/^(?:import|export) (?:[^"';]*? from )?"(\.[^"]+)";?$/gm);
    for (const [, specifier = ""] of imported) load(join(file, "..", specifier).replaceAll("\\", "/"));
  };
  load("dist/node/src/cli/main.js");
  const bytes = [...loaded].reduce((sum, file) => sum + Buffer.byteLength(textOf(file)), 0);
  expect(bytes).toBeGreaterThan(50_000); // commander is among it
  expect(bytes).toBeLessThan(200_000); // the library has 600 kB
});

test.each(["node", "cjs"])("each file of src is compiled into one file of dist/%s", (folder) => {
  const compiled = scripts
    .filter((file) => file.startsWith(`dist/${folder}/`))
    .flatMap((file) => [...textOf(file).matchAll(/^\/\/#region (src\/.+)$/gm)].map(([, source]) => source));
  expect(compiled.filter((source, at) => compiled.indexOf(source) !== at)).toEqual([]);
  expect(compiled).toContain("src/errors/sent-secrets.ts");
});

test("what is built sets no flag of the engine, and nothing edits it afterwards", () => {
  const flags = /setFlagsFromString|process\.binding\(|["']node:v8["']/;
  expect(scripts.filter((file) => flags.test(textOf(file)))).toEqual([]);
  expect([npmScripts.build, npmScripts.postbuild]).toEqual(["tsdown", undefined]);
  expect(textOf("tsdown.config.js")).not.toMatch(/renderChunk|transform|banner|footer|onSuccess|writeFile/);
});

test("nothing that is built names a folder of the machine that built it", () => {
  const places = [root, homedir()].filter((path) => path.length > 1);
  expect(built.filter((file) => places.some((path) => textOf(file).includes(path)))).toEqual([]);
});

test("only the command line has a `require` of its own making", () => {
  const made = scripts.filter((file) => /\b__require\(|createRequire\(/.test(textOf(file)));
  const allowed = /\/(cli\/main|chunks\/cli-progress|chunks\/rolldown-runtime)\.js$/;
  expect(made.filter((file) => !allowed.test(file))).toEqual([]);
  const core = specifiersOf("dist/node/chunks/core.js");
  expect(core.filter((specifier) => specifier.includes("rolldown-runtime"))).toEqual([]);
});

test("a stack trace and a declaration lead to a file of src that is packed", () => {
  const sources = (file: string): string[] =>
    JSON.parse(textOf(file)).sources.map((path: string) => join(file, "..", path).replaceAll("\\", "/"));
  const maps = built.filter((file) => file.endsWith(".map"));
  const lost = maps.flatMap(sources).filter((path) => !/^(src|gen|node_modules)\//.test(path));
  expect(lost).toEqual([]);
  const script =
    'import { createOperationsClient } from "longrunning"; createOperationsClient({ polling: { initialMs: -1 } })';
  const run = () =>
    execFileSync(process.execPath, ["--enable-source-maps", "--input-type=module", "-e", script], {
      cwd: root,
      encoding: "utf8",
      stdio: "pipe",
    });
  expect(run).toThrow(/at .*\/src\/client\/[\w/-]+\.ts:\d+:\d+/);
});

/** What a source has at a place of a map. */
function textAt(file: string, place: { originalLine: number; originalColumn: number }): string {
  return textOf(file).split("\n")[place.originalLine]?.slice(place.originalColumn) ?? "";
}

/** The declarations and members of a declaration file that have a name. */
function declaredNames(file: string): ts.Identifier[] {
  const names: ts.Identifier[] = [];
  const visit = (node: ts.Node) => {
    const isDeclaration =
      ts.isFunctionDeclaration(node) || ts.isClassDeclaration(node) || ts.isInterfaceDeclaration(node);
    const isAlias = ts.isTypeAliasDeclaration(node) || ts.isVariableDeclaration(node);
    const isMember = ts.isTypeElement(node) || ts.isClassElement(node);
    if ((isDeclaration || isAlias || isMember) && node.name !== undefined && ts.isIdentifier(node.name))
      names.push(node.name);
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(file, textOf(file), ts.ScriptTarget.Latest, true));
  return names;
}

test.each(["esm", "cjs"])(
  '"go to definition" ends in the source of each name that dist/%s declares',
  (folder) => {
    const wrong: string[] = [];
    const declarations = built.filter((file) => file.startsWith(`dist/${folder}/`) && file.endsWith(".d.ts"));
    const mapped = declarations.filter((file) => built.includes(`${file}.map`));
    for (const file of mapped) {
      const map = new SourceMap(JSON.parse(textOf(`${file}.map`)));
      for (const name of declaredNames(file)) {
        const { line, character } = name.getSourceFile().getLineAndCharacterOfPosition(name.getStart());
        const found = map.findEntry(line, character);
        const isFound =
          "originalSource" in found &&
          textAt(join(file, "..", found.originalSource), found).startsWith(name.text);
        if (!isFound) wrong.push(`${file}:${line + 1}: ${name.text}`);
      }
    }
    expect(wrong).toEqual([]);
    // Without a map are the files that only pass names of others on.
    const plain = declarations.filter((file) => !mapped.includes(file));
    expect(plain.filter((file) => /^(declare|interface|type) /m.test(textOf(file)))).toEqual([]);
    expect(mapped.length).toBeGreaterThan(20);
  },
);

/** What would be packed. */
function packed(): { readonly paths: readonly string[]; readonly size: number } {
  const json = execFileSync("npm", ["pack", "--dry-run", "--json"], {
    cwd: root,
    encoding: "utf8",
    stdio: "pipe",
  });
  const [{ files, size }] = JSON.parse(json);
  return { paths: files.map(({ path }: { path: string }) => path), size };
}

test("the links and images of a packed page are packed, or have an address", () => {
  const { paths } = packed();
  const lost = paths
    .filter((path) => /^(docs\/)?[\w-]+\.md$/.test(path))
    .flatMap((page) => {
      const prose = textOf(page).replaceAll(/^```[\s\S]*?^```$/gm, "");
      const targets = [...prose.matchAll(/\]\(([^)\s#]+)|\b(?:src|srcset)="([^"]+)"/g)];
      const linked = targets.map(([, link, source]) => link ?? source ?? "");
      return linked
        .filter((target) => !target.startsWith("https://"))
        .map((target) => join(page, "..", target).replaceAll("\\", "/"))
        .filter((path) => !paths.some((one) => one === path || one.startsWith(`${path}/`)))
        .map((path) => `${page}: ${path}`);
    });
  expect(lost).toEqual([]);
});

test("the package holds what it should, and nothing else", () => {
  const { paths, size } = packed();
  const expected =
    /^(dist\/(esm|node|cjs)\/|src\/(?!cli\/|codegen\/|emulator\/page\/browser\/).+\.ts$|gen\/.+\.ts$|proto\/.+\.(proto|md)$|docs\/.+\.(md|svg)$|man\/longrunning\.1$|(README|ARCHITECTURE|BENCHMARKS|CHANGELOG|SECURITY)\.md$|LICENSE$|package\.json$)/;
  expect(paths.filter((path) => !expected.test(path))).toEqual([]);
  expect(paths).toEqual(
    expect.arrayContaining(["CHANGELOG.md", "dist/node/NOTICE", "dist/cjs/package.json", "src/index.ts"]),
  );
  expect(paths.length).toBeLessThan(MAX_FILES);
  expect(size).toBeLessThan(MAX_PACKED_BYTES);
});
