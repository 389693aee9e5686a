// SPDX-License-Identifier: Apache-2.0
// Reads the service configurations of a checkout of googleapis, and rewrites scripts/apis/apis.json and the catalogue:
// npm run apis:update -- PATH
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parse } from "yaml";

const FACTS = "scripts/apis/apis.json";
const OPERATIONS = "google.longrunning.Operations";
const SCOPE_PREFIX = "https://www.googleapis.com/auth/";
const MIXINS = /^google\.(longrunning|iam\.v1|cloud\.location)\./;
const METHODS = {
  GetOperation: [],
  ListOperations: [],
  DeleteOperation: [],
  CancelOperation: [],
  WaitOperation: [],
};
const VERBS = ["get", "post", "delete", "put", "patch"];

const [checkout] = process.argv.slice(2);
if (checkout === undefined) throw new Error("usage: npm run apis:update -- PATH (a checkout of googleapis)");

/** Every service configuration below the folder, by its path. Only the sections in use are parsed. */
function* configurations() {
  for (const path of readdirSync(checkout, { recursive: true, encoding: "utf8" }).sort()) {
    if (!path.endsWith(".yaml")) continue;
    const text = readFileSync(join(checkout, path), "utf8");
    if (!/^type: google\.api\.Service$/m.test(text)) continue;
    const kept = text
      .split(/^(?=[A-Za-z_]+:)/m)
      .filter((section) => /^(name|title|apis|http|authentication|publishing):/.test(section));
    yield { path: path.replaceAll("\\", "/"), config: parse(kept.join("")) };
  }
}

/** The bindings of each method of Operations: `{ GetOperation: [{ get: "/{version}/..." }] }`; null without any. */
function rulesOf({ http }, version) {
  const rules = (http?.rules ?? []).filter(({ selector }) => selector.startsWith(`${OPERATIONS}.`));
  if (rules.length === 0) return null;
  return Object.fromEntries(
    rules
      .map(({ selector, additional_bindings: more = [], ...first }) => [
        selector.slice(OPERATIONS.length + 1),
        [first, ...more].map((binding) => bindingOf(binding, version)),
      ])
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}

function bindingOf(binding, version) {
  const [verb] = VERBS.filter((one) => binding[one] !== undefined);
  const path = binding[verb].replace(`/${version}/`, "/{version}/");
  return binding.body === undefined ? { [verb]: path } : { [verb]: path, body: binding.body };
}

/** The scopes that operations accept: one list, or by method where they differ; otherwise those of the API's own services. */
function scopesOf({ authentication }, bound) {
  const rules = (authentication?.rules ?? []).filter(({ oauth }) => oauth?.canonical_scopes !== undefined);
  const ofRule = (rule) =>
    rule.oauth.canonical_scopes
      .split(",")
      .map((scope) => scope.trim().replace(SCOPE_PREFIX, ""))
      .sort();
  const byMethod = bound.flatMap((method) => {
    const rule = rules.findLast(({ selector }) => selects(selector, `${OPERATIONS}.${method}`));
    return rule === undefined ? [] : [[method, ofRule(rule)]];
  });
  if (byMethod.length > 0) {
    const isSame = byMethod.every(([, scopes]) => scopes.join() === byMethod[0][1].join());
    return isSame ? { scopes: byMethod[0][1] } : { scopesByMethod: Object.fromEntries(byMethod) };
  }
  const services = rules.filter(({ selector }) => !MIXINS.test(selector));
  return services.length === 0 ? {} : { serviceScopes: [...new Set(services.flatMap(ofRule))].sort() };
}

/** Whether a selector, which may end in a wildcard, names a method. */
function selects(selector, method) {
  return selector.endsWith("*") ? method.startsWith(selector.slice(0, -1)) : selector === method;
}

/** `py:grpc+rest`: what the generated clients of each language use. */
function transportsOf(path) {
  try {
    const text = readFileSync(join(checkout, dirname(path), "BUILD.bazel"), "utf8");
    const found = text.matchAll(/^([a-z]+)(?:_\w+)?_gapic_library\(\n([\s\S]*?)^\)/gm);
    return [...found]
      .map(([, language, body]) => `${language}:${/transport = "([^"]+)"/.exec(body)?.[1] ?? "default"}`)
      .sort();
  } catch (error) {
    if (error.code === "ENOENT") return [];
    throw error;
  }
}

/** The polling settings by start method, from the configuration and the older `_gapic.yaml` next to it. */
function pollingOf({ publishing }, path) {
  const own = (publishing?.method_settings ?? [])
    .filter(({ long_running: running }) => running !== undefined)
    .map(({ selector, long_running: running }) => [
      selector,
      [
        running.initial_poll_delay,
        running.poll_delay_multiplier,
        running.max_poll_delay,
        running.total_poll_timeout,
      ],
    ]);
  const folder = join(checkout, dirname(path));
  const older = readdirSync(folder)
    .filter((name) => name.endsWith("_gapic.yaml"))
    .flatMap(
      (name) => parse(readFileSync(join(folder, name), "utf8"), { uniqueKeys: false })?.interfaces ?? [],
    )
    .flatMap(({ name, methods = [] }) =>
      methods
        .filter(({ long_running: running }) => running !== undefined)
        .map(({ name: method, long_running: running }) => [`${name}.${method}`, millisOf(running)]),
    );
  return Object.fromEntries([...older, ...own]);
}

function millisOf(running) {
  const seconds = (key) => `${running[`${key}_millis`] / 1000}s`;
  return [
    seconds("initial_poll_delay"),
    running.poll_delay_multiplier,
    seconds("max_poll_delay"),
    seconds("total_poll_timeout"),
  ];
}

/** By the first path of operations; else by the package of the API's own services, or the folder. */
function versionOf(path, { http }, names) {
  const operations = (http?.rules ?? []).filter(({ selector }) => selector.startsWith(`${OPERATIONS}.`));
  const [first] = operations.filter(({ selector }) => selector.endsWith(".GetOperation")).concat(operations);
  const bound = /^\/(v\d+\w*)\//.exec(first?.get ?? "")?.[1];
  const own = /\.(v\d+\w*)\./.exec(names.find((name) => !MIXINS.test(name)) ?? "")?.[1];
  return bound ?? own ?? /\/(v\d+\w*)\//.exec(`/${dirname(path)}/`)?.[1] ?? "(none)";
}

const ruleSets = [];
const apis = {};
for (const { path, config } of configurations()) {
  const names = (config.apis ?? []).map(({ name }) => name);
  const version = versionOf(path, config, names);
  const rules = rulesOf(config, version);
  if (!names.includes(OPERATIONS) && rules === null) continue;
  const key = rules === null ? null : JSON.stringify(rules);
  const known = ruleSets.findIndex((set) => JSON.stringify(set) === key);
  const index = key === null ? null : known >= 0 ? known : ruleSets.push(rules) - 1;
  const polling = pollingOf(config, path);
  const transports = transportsOf(path);
  apis[config.name] ??= { title: config.title, versions: {} };
  apis[config.name].versions[version] ??= [];
  apis[config.name].versions[version].push({
    config: path,
    rules: index,
    ...scopesOf(config, Object.keys(rules ?? METHODS)),
    ...(transports.length > 0 && { transports }),
    ...(Object.keys(polling).length > 0 && { polling }),
  });
}
const commit = execFileSync("git", ["-C", checkout, "rev-parse", "HEAD"], { encoding: "utf8" })
  .trim()
  .slice(0, 10);
const about = {
  source: `googleapis/googleapis ${commit}`,
  note:
    "rules: index into ruleSets, {version} is the key in versions; null: no http rules for operations. polling: " +
    "[initial_poll_delay, poll_delay_multiplier, max_poll_delay, total_poll_timeout]; scopes without " +
    SCOPE_PREFIX,
};
const lines = (values) => values.join(",\n");
const sets = lines(ruleSets.map((set) => JSON.stringify(set)));
const hosts = lines(
  Object.entries(apis).map(([host, api]) => `${JSON.stringify(host)}: ${JSON.stringify(api)}`),
);
writeFileSync(
  FACTS,
  `{"about": ${JSON.stringify(about)},\n"ruleSets": [\n${sets}\n],\n"apis": {\n${hosts}\n}}\n`,
);
execFileSync(process.execPath, ["scripts/apis/write-catalogue.mjs"], { stdio: "inherit" });
