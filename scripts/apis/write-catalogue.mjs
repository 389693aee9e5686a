// SPDX-License-Identifier: Apache-2.0
// Writes src/apis/catalogue-data.ts from scripts/apis/apis.json, what the service configurations of googleapis say of
// operations. With --check it only reports whether the file is up to date. The format is described in src/apis/catalogue.ts,
// which reads it.
import { readFile, writeFile } from "node:fs/promises";
import { gzipSync } from "node:zlib";

const FACTS = "scripts/apis/apis.json";
const DATA = "src/apis/catalogue-data.ts";
const METHODS = ["GetOperation", "ListOperations", "DeleteOperation", "CancelOperation", "WaitOperation"];

/** The standard shapes of a binding: the letter, the HTTP method, what follows the name, the body. */
const SHAPES = {
  GetOperation: [["g", "get", "", ""]],
  DeleteOperation: [["d", "delete", "", ""]],
  CancelOperation: [
    ["c", "post", ":cancel", ""],
    ["C", "post", ":cancel", "*"],
    ["x", "get", ":cancel", ""],
  ],
  WaitOperation: [
    ["w", "post", ":wait", ""],
    ["W", "post", ":wait", "*"],
  ],
};

/**
 * Excluded bindings, each with its reason:
 * - `/ui` and `/uiv1beta3` serve the Cloud console; the documented paths are those with a version.
 * - aiplatform binds ListOperations to 14 paths that end in `:wait`, which are WaitOperation's.
 * - aiplatform binds DeleteOperation to 4 parents of operations, which are not operations.
 * The last two also occur among the bindings below /ui.
 */
function isLeftOut(method, path) {
  if (/^\/ui(v1beta3)?\//.test(path)) return true;
  if (method === "ListOperations" && path.endsWith(":wait")) return true;
  return method === "DeleteOperation" && path.endsWith("}/operations");
}

const { about, ruleSets, apis } = JSON.parse(await readFile(FACTS, "utf8"));

/** Bindings of a method as [HTTP method, path, body], without excluded ones and duplicates. */
function bindingsOf(configs, method, version) {
  const seen = new Map();
  for (const { rules } of configs) {
    for (const binding of ruleSets[rules]?.[method] ?? []) {
      const { body = "", ...pattern } = binding;
      const [[verb, template]] = Object.entries(pattern);
      const path = template.replace(`/${version}/`, "/{version}/");
      if (!isLeftOut(method, path)) seen.set(`${verb} ${path} ${body}`, [verb, path, body]);
    }
  }
  // Service Management only rebinds ListOperations: the binding of operations.proto applies to Get, as documented.
  if (method === "GetOperation" && seen.size === 0) return [["get", "/{version}/{name=operations/**}", ""]];
  return withoutShadowed([...seen.values()]);
}

/** Removes bindings whose names are all matched by an earlier one. */
function withoutShadowed(bindings) {
  return bindings.filter(
    ([, path], index) => !bindings.slice(0, index).some(([, earlier]) => covers(earlier, path)),
  );
}

/** Whether a path template matches every name that another matches, regardless of the URL; false without a name. */
function covers(wide, narrow) {
  const [a, b] = [wide, narrow].map((path) => /\{name=([^}]*)\}/.exec(path)?.[1].split("/"));
  if (a === undefined || b === undefined) return wide === narrow;
  const takes = (part, other) => part === other || (part === "*" && other !== "**");
  const star = a.indexOf("**");
  if (star < 0) return a.length === b.length && a.every((part, index) => takes(part, b[index]));
  const tail = a.slice(star + 1);
  if (b.length < a.length) return false;
  const head = a.slice(0, star).every((part, index) => takes(part, b[index]));
  return head && tail.every((part, index) => takes(part, b[b.length - tail.length + index]));
}

/** A binding as [letter, prefix of the name (after the version, unless it begins with a slash), pattern]. */
function shapeOf(method, [verb, path, body]) {
  const [, before, pattern, after] =
    /^(.*?)\{name=([^}]*)\}(.*)$/.exec(path.replace("/{version}/", "")) ?? [];
  if (method === "ListOperations") {
    if (pattern === undefined) return ["o", "", path.replace("/{version}/", "")];
    if (verb !== "get" || body !== "" || !["", "/operations"].includes(after))
      throw new Error(`no shape for ${path}`);
    return [after === "" ? "n" : "l", before, pattern];
  }
  const shape = SHAPES[method].find((known) => known[1] === verb && known[2] === after && known[3] === body);
  if (shape === undefined) throw new Error(`no shape for ${method} ${verb} ${path}`);
  return [shape[0], before, pattern];
}

/** The entries of a rule set, `letters before!pattern`, ordered so that the order of each method's bindings is kept. */
function entriesOf(configs, version) {
  const entries = [];
  for (const method of METHODS) {
    let from = 0;
    for (const binding of bindingsOf(configs, method, version)) {
      const [letter, before, name] = shapeOf(method, binding);
      // A List of `{parent}/operations` shares the entry of the operations below that parent.
      const key = letter === "l" ? parentKey(before, name) : `${before}!${name}`;
      const at = entries.findIndex(
        (entry, index) =>
          index >= from && (letter === "l" ? parentKeys(entry).includes(key) : entry.key === key),
      );
      if (at >= 0) {
        entries[at].letters += letter;
        from = at + 1;
      } else {
        entries.splice(from, 0, {
          key: letter === "l" ? `${before}!${name}/operations/*` : key,
          letters: letter,
        });
        from += 1;
      }
    }
  }
  return entries.map(({ key, letters }) => `${letters} ${key.replace(/^!/, "")}`).join("\n");
}

const parentKey = (before, name) => `${before}!${name}`;
const parentKeys = ({ key }) =>
  /\/operations\/\*\*?$/.test(key) ? [key.replace(/\/operations\/\*\*?$/, "")] : [];

/** Scopes without the common prefix; empty for cloud-platform alone, the usual case. */
function scopesOf(configs) {
  const all = new Set();
  for (const { scopes, serviceScopes, scopesByMethod } of configs) {
    // If the scopes differ by method, use those of the method that needs the most: CancelOperation.
    for (const scope of scopes ?? scopesByMethod?.CancelOperation ?? serviceScopes ?? []) all.add(scope);
  }
  if (all.has("cloud-platform")) return "";
  return [...all].filter((scope) => !/\.readonly$/.test(scope)).join(",") || "-";
}

const sets = [];
const hosts = Object.entries(apis).map(([host, { title, versions }]) => {
  const described = Object.entries(versions)
    .filter(([version]) => version !== "(none)")
    .map(([version, configs]) => {
      const bound = configs.filter(({ rules }) => rules !== null);
      const rules = bound.length === 0 ? "" : entriesOf(bound, version);
      const set = rules === "" ? "" : sets.includes(rules) ? sets.indexOf(rules) : sets.push(rules) - 1;
      const scopes = scopesOf(configs);
      const restOnly = configs.every(
        ({ transports = [] }) => transports.length > 0 && transports.every((way) => way.endsWith(":rest")),
      );
      return `${version}:${set}${scopes === "" ? "" : `@${scopes}`}${restOnly ? "!" : ""}`;
    });
  return [host.replace(/\.googleapis\.com$/, ""), title, ...described].join("|");
});

/** The settings of polling by the methods that have them: `initial,factor,max,total package.Service.Method ...`. */
const polling = new Map();
for (const { versions } of Object.values(apis)) {
  for (const [method, settings] of Object.values(versions)
    .flat()
    .flatMap((config) => Object.entries(config.polling ?? {}))) {
    const key = settings.map((value) => Number.parseFloat(value)).join(",");
    const service = method.slice(0, method.lastIndexOf("."));
    const services = polling.get(key) ?? polling.set(key, new Map()).get(key);
    const methods = services.get(service) ?? services.set(service, []).get(service);
    const name = method.slice(service.length + 1);
    if (!methods.includes(name)) methods.push(name);
  }
}
const pollingText = [...polling]
  .map(([key, services]) =>
    [
      key,
      ...[...services].map(
        ([service, methods]) => `${service.replace(/^google\./, "")}:${[...methods].sort().join(",")}`,
      ),
    ].join(" "),
  )
  .join("\n");

const text = `// SPDX-License-Identifier: Apache-2.0
// Written by scripts/apis/write-catalogue.mjs; do not edit. What the service configurations of ${about.source} say of
// operations. Left out: paths below /ui and /uiv1beta3, which serve the Cloud console; of aiplatform, ListOperations
// bound to paths of WaitOperation (\`:wait\`) and DeleteOperation bound to parents; bindings behind one that takes all
// their names. catalogue.ts reads it.

/** Rule sets, separated by an empty line; an entry a line. */
export const RULE_SETS = \`${sets.join("\n\n")}\`;

/** APIs, one a line. */
export const HOSTS = \`${hosts.join("\n")}\`;

/** Polling settings, and the methods that have them. */
export const POLLING = \`${pollingText}\`;
`;
if (process.argv.includes("--check")) {
  if ((await readFile(DATA, "utf8")) !== text)
    throw new Error(`${DATA} is stale: node scripts/apis/write-catalogue.mjs`);
} else await writeFile(DATA, text);
console.log(
  `${sets.length} rule sets, ${hosts.length} hosts: ${text.length} bytes, ${gzipSync(text, { level: 9 }).length} compressed`,
);
