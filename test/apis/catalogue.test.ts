// SPDX-License-Identifier: Apache-2.0
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { Operations } from "../../gen/google/longrunning/operations_pb.js";
import { apis, httpRulesOf } from "../../src/apis.js";
import { createRestTransport } from "../../src/index.js";

const root = join(__dirname, "../..");

/** A binding as a service configuration has it; `{version}` stands for the version. */
type Binding = Readonly<Record<string, string>>;
interface Config {
  readonly rules: number | null;
}
interface Facts {
  readonly ruleSets: readonly Readonly<Record<string, readonly Binding[]>>[];
  readonly apis: Readonly<
    Record<string, { readonly title: string; readonly versions: Readonly<Record<string, readonly Config[]>> }>
  >;
}

const facts: Facts = JSON.parse(readFileSync(join(root, "scripts/apis/apis.json"), "utf8"));

/** What is left out on purpose; see scripts/apis/write-catalogue.mjs. */
function isLeftOut(method: string, path: string): boolean {
  if (path.startsWith("/ui/") || path.startsWith("/uiv1beta3/")) return true;
  if (method === "ListOperations" && path.endsWith(":wait")) return true;
  return method === "DeleteOperation" && path.endsWith("}/operations");
}

/** A row of the table: a name made for one binding, and the request that the binding makes of it by string replacement. */
interface Row {
  readonly host: string;
  readonly version: string;
  readonly method: string;
  readonly name: string;
  readonly verb: string;
  readonly path: string;
  readonly hasBody: boolean;
  /** Of the name; undefined for a binding without one. */
  readonly pattern: string | undefined;
}

function rowOf(host: string, version: string, method: string, binding: Binding): Row | undefined {
  const { body, ...pattern } = binding;
  const [[verb = "", template = ""] = []] = Object.entries(pattern);
  const path = template.replace("{version}", version);
  if (isLeftOut(method, path)) return undefined;
  const wanted = /\{name=([^}]*)\}/.exec(path)?.[1];
  let count = 0;
  const fill = (star: string) => (star === "**" ? `m${count++}/n~${count}` : `x-${count++}.Y_`);
  const name = wanted?.replace(/\*{1,2}/g, fill) ?? "operations";
  return {
    host,
    version,
    method,
    name,
    verb: verb.toUpperCase(),
    path: path.replace(/\{name=[^}]*\}/, name),
    hasBody: body === "*",
    pattern: wanted,
  };
}

/** Whether an earlier row's pattern takes the name: then its request is the one that is made. */
function isShadowed(row: Row, earlier: readonly Row[]): boolean {
  return earlier.some(({ pattern, verb, path }) => {
    if (pattern === undefined || (verb === row.verb && path === row.path)) return false;
    const parts = pattern.split("/").map((part) => (part === "**" ? ".+" : part === "*" ? "[^/]+" : part));
    return new RegExp(`^${parts.join("/")}$`).test(row.name);
  });
}

const rows = Object.entries(facts.apis).flatMap(([host, { versions }]) =>
  Object.entries(versions).flatMap(([version, configs]) =>
    Object.keys({ ...Object.assign({}, ...configs.map(({ rules }) => facts.ruleSets[rules ?? -1])) }).flatMap(
      (method) => {
        const all = configs
          .flatMap(({ rules }) => facts.ruleSets[rules ?? -1]?.[method] ?? [])
          .flatMap((binding) => rowOf(host, version, method, binding) ?? []);
        return all.filter((row, index) => !isShadowed(row, all.slice(0, index)));
      },
    ),
  ),
);

test("a name made for any binding of any API goes to the method, path, query and body that the binding says", () => {
  const methods = new Map(Operations.methods.map((method) => [method.name as string, method]));
  const transports = new Map<string, ReturnType<typeof createRestTransport>>();
  const wrong: unknown[] = [];
  for (const row of rows) {
    const key = `${row.host} ${row.version}`;
    const transport =
      transports.get(key) ??
      createRestTransport({
        baseUrl: `https://${row.host}`,
        httpRules: httpRulesOf(row.host, { version: row.version }),
      });
    transports.set(key, transport);
    const method = methods.get(row.method);
    if (method === undefined) throw new Error(row.method);
    const request = transport.describe(method, { name: row.name } as never); // Every method's request has a name.
    const query = row.pattern !== undefined || row.hasBody ? "" : `?name=${row.name}`;
    const url = request.url.replace(/[?&]\$alt=[^&]*/, ""); // A system parameter of Google's, on every request.
    const seen = { verb: request.method, url, hasBody: request.body !== undefined };
    const want = { verb: row.verb, url: `https://${row.host}${row.path}${query}`, hasBody: row.hasBody };
    if (JSON.stringify(seen) !== JSON.stringify(want)) wrong.push({ row, seen, want });
  }
  expect(rows.length).toBeGreaterThan(1800);
  expect(wrong.slice(0, 3)).toEqual([]);
});

test("lists every API of the facts, with its versions", () => {
  const listed = apis().map(({ host, title, versions }) => [
    host,
    title,
    versions.map(({ version }) => version).sort(),
  ]);
  const known = Object.entries(facts.apis).map(([host, { title, versions }]) => [
    host,
    title,
    Object.keys(versions)
      .filter((version) => version !== "(none)")
      .sort(),
  ]);
  expect(listed).toEqual(known.sort(([a], [b]) => (String(a) < String(b) ? -1 : 1)));
});

test("the data is what the script writes from the facts, and at most 6 KB compressed", () => {
  execFileSync(process.execPath, ["scripts/apis/write-catalogue.mjs", "--check"], { cwd: root });
  const data = readFileSync(join(root, "src/apis/catalogue-data.ts"));
  expect(gzipSync(data, { level: 9 }).length).toBeLessThan(6 * 1024);
});

test("every version that has rules has Get, and no binding twice", () => {
  const odd = apis().flatMap(({ host, versions }) =>
    versions
      .filter(({ hasRules }) => hasRules)
      .flatMap(({ version }) => {
        const rules = httpRulesOf(host, { version });
        const texts = rules.flatMap(({ selector, additionalBindings = [], ...binding }) =>
          [binding, ...additionalBindings].map((one) => `${selector} ${JSON.stringify(one)}`),
        );
        const hasGet = rules.some(({ selector }) => selector.endsWith(".GetOperation"));
        return hasGet && new Set(texts).size === texts.length ? [] : [`${host} ${version}`];
      }),
  );
  expect(odd).toEqual([]);
});
