// SPDX-License-Identifier: Apache-2.0
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { Operations } from "../../gen/google/longrunning/operations_pb.js";
import { type ApiClient, apis, createApiClient, httpRulesOf } from "../../src/apis.js";

const root = join(__dirname, "../..");

/** Bindings that are not left out, each written as often as configurations have it. */
const ROWS = 1922;

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

/** What google-gax makes of a request by the rules of a method; it is the transcoding of Google's own clients for Node. */
type Transcode = (
  request: object,
  options: readonly object[],
) => { httpMethod: string; url: string; queryString: string; data: unknown } | undefined;
const { transcode } = jest.requireActual<{ transcode: Transcode }>(
  join(root, "node_modules/google-gax/build/src/transcoding.js"), // not among its entry points
);

/** The bindings that the facts have for a method of a version, in the order of its configurations. */
function bindingsOf(version: string, configs: readonly Config[], method: string): Binding[] {
  return configs
    .flatMap(({ rules }) => facts.ruleSets[rules ?? -1]?.[method] ?? [])
    .map((binding) =>
      Object.fromEntries(
        Object.entries(binding).map(([verb, path]) => [verb, path.replace("{version}", version)]),
      ),
    )
    .filter((binding) => !isLeftOut(method, pathOf(binding)));
}

const pathOf = ({ body: _, ...pattern }: Binding) => Object.values(pattern)[0] ?? "";

/** A name that a binding takes, with characters that a path must encode; any for one that takes none. */
function nameFor(binding: Binding): string {
  let count = 0;
  const fill = (star: string) => (star === "**" ? `m${count++}/n~${count}/ü %` : `x-${count++}.Y_é+:@`);
  const pattern = /\{name=([^}]*)\}/.exec(pathOf(binding))?.[1];
  return pattern?.replace(/\*{1,2}/g, fill) ?? "operations";
}

/** Each version of each API with its bindings, method by method. */
const methods = Object.entries(facts.apis).flatMap(([host, { versions }]) =>
  Object.entries(versions).flatMap(([version, configs]) =>
    Operations.methods.flatMap((method) => {
      const bindings = bindingsOf(version, configs, method.name);
      return bindings.length === 0 ? [] : [{ host, version, method, bindings }];
    }),
  ),
);

test("a name made for any binding of any API goes to the method, path, query and body that google-gax makes of the rules", () => {
  const clients = new Map<string, ApiClient>();
  const wrong: unknown[] = [];
  let rows = 0;
  for (const { host, version, method, bindings } of methods) {
    const key = `${host} ${version}`;
    const client = clients.get(key) ?? createApiClient(host, { version, auth: false });
    clients.set(key, client);
    const [first, ...additional] = bindings;
    const rule = { "(google.api.http)": { ...first, additional_bindings: additional } };
    for (const binding of bindings) {
      const name = nameFor(binding);
      const expected = transcode({ name }, [rule]);
      const query = expected?.queryString === "" ? "" : `?${expected?.queryString}`;
      const want = {
        verb: expected?.httpMethod.toUpperCase(),
        url: `https://${host}${expected?.url}${query}`,
        body: typeof expected?.data === "object" ? JSON.stringify(expected.data) : undefined,
      };
      const request = client.describe(method, { name } as never); // Every method's request has a name.
      const url = request.url.replace(/[?&]\$alt=[^&]*/, ""); // A system parameter of Google's, on every request.
      const seen = { verb: request.method, url, body: request.body };
      if (JSON.stringify(seen) !== JSON.stringify(want)) wrong.push({ key, binding, seen, want });
      rows++;
    }
  }
  expect(wrong.slice(0, 3)).toEqual([]);
  expect(rows).toBe(ROWS);
});

test("each version has exactly the methods that the facts bind", () => {
  const known = new Map<string, string[]>();
  for (const { host, version, method } of methods)
    known.set(`${host} ${version}`, [...(known.get(`${host} ${version}`) ?? []), method.name].sort());
  // It rebinds ListOperations alone: the binding of operations.proto holds for Get.
  known.get("servicemanagement.googleapis.com v1")?.unshift("GetOperation");
  const held = apis().flatMap(({ host, versions }) =>
    versions
      .filter(({ hasRules }) => hasRules)
      .map(({ version }) => [
        `${host} ${version}`,
        httpRulesOf(host, { version })
          .map(({ selector }) => selector.split(".").at(-1))
          .sort(),
      ]),
  );
  expect(Object.fromEntries(held as [string, string[]][])).toEqual(Object.fromEntries(known));
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
