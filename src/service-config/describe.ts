// SPDX-License-Identifier: Apache-2.0

/** What a value that is neither text nor bytes seems to be, and what to do; `undefined` for a plain object. */
export function describeValue(value: unknown): string | undefined {
  if (typeof value !== "object" || value === null)
    return `${value === null ? "null" : typeof value}; pass text or an object`;
  if (Array.isArray(value)) return "a list; pass the whole configuration, of which http.rules is a part";
  if (value instanceof Map) return "a Map; pass a plain object, as Object.fromEntries makes it";
  if (value instanceof URL) return "a URL; pass the text that is there";
  if ("then" in value && typeof value.then === "function") return "a Promise; await it first";
  const type = Object.prototype.toString.call(value).slice(8, -1);
  if (type === "Error") return "an Error";
  return type === "Object" ? undefined : `a ${type}; pass its text, or a plain object`;
}

/** What a text without top-level keys seems to be, and what to do; `undefined` where it does not show. */
export function describeText(text: string): string | undefined {
  const start = text.slice(0, 300).trim();
  if (start === "") return "an empty text; is the file empty, or its path wrong?";
  if (start.startsWith("<")) return "an HTML or XML page; is the URL that of the raw file?";
  if (/^(?:HTTP\/\S{1,8} )?[1-5]\d\d[: ]/.test(start))
    return `the page of an HTTP error, "${start.slice(0, 40)}"`;
  if (/^(?:syntax|edition) ?= ?"/.test(start))
    return "a proto file; the configuration is the YAML file beside it";
  if (!/[\r\n]/.test(start) && /^\S{1,200}\.(?:ya?ml|json)$/i.test(start)) {
    return "the name of a file; read the file, and pass its text";
  }
  return /^[[{]/.test(start) || /: ?[\r\n]|: /.test(text.slice(0, 10_000)) || start.startsWith("#")
    ? undefined
    : "a text without keys; pass the YAML or JSON of the API's service configuration";
}

/** What documents of other kinds have for keys. */
const OTHERS: readonly (readonly [key: string, kind: string])[] = [
  ["openapi", "an OpenAPI document"],
  ["swagger", "an OpenAPI document"],
  ["discoveryVersion", "a Discovery document"],
  ["discovery_version", "a Discovery document"],
  ["methodConfig", "a gRPC service config; its place is the option retry.serviceConfig"],
  ["loadBalancingConfig", "a gRPC service config; its place is the option retry.serviceConfig"],
  ["private_key", "the key file of a service account"],
  ["client_secret", "a file of credentials"],
  ["apiVersion", "a Kubernetes manifest"],
  ["swaggerVersion", "an OpenAPI document"],
  ["error", "an error response"],
  ["rules", "the http section alone; pass it as { http: … }"],
  ["selector", "one rule alone; pass it as { http: { rules: [ … ] } }"],
  ["dependencies", "a package.json or the like"],
  ["plugins", "a configuration of buf"],
];

/** What an object with these keys seems to be: it has none of `type`, `http` and `apis`. */
export function describeKeys(keys: readonly string[]): string {
  const known = OTHERS.find(([key]) => keys.includes(key))?.[1];
  if (known !== undefined) return known;
  if (keys.length === 0) return "an object without keys; expected one of type, http and apis";
  const shown = keys.slice(0, 5).map((key) => JSON.stringify(key.slice(0, 40)));
  return `something with the keys ${shown.join(", ")}${keys.length > 5 ? " …" : ""}; expected one of type, http and apis`;
}
