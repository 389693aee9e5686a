// SPDX-License-Identifier: Apache-2.0
import type { ConnectError } from "@connectrpc/connect";
import { invalidArgument } from "../invalid-argument.js";
import { decodeKeepingSlash, decodeText, encodeText } from "./percent.js";
import { alignSegments } from "./segment.js";
import type { Template, TemplateVariable } from "./template.js";

/**
 * The path for the values of a template's variables, in their order; `undefined` when a value does not fit its
 * pattern, or when the template has a wildcard outside every variable. Values are text, never encoded already.
 * {@link matchPath} is the inverse.
 *
 * @throws ConnectError InvalidArgument for a value that fits, but has a dot segment or a lone surrogate: URL parsers
 *   and proxies collapse `.` and `..`, so that the request would reach another path than the one shown
 */
export function expandPath(template: Template, values: readonly string[]): string | undefined {
  if (template.wildcardColumn !== undefined) {
    return undefined;
  }
  const { variables, literals } = template;
  let path = literals[0] ?? "";
  let index = 0;
  for (const variable of variables) {
    const expanded = expandVariable(variable, values[index++] ?? "");
    if (expanded === undefined) {
      return undefined;
    }
    path += expanded + (literals[index] ?? "");
  }
  return path;
}

/**
 * One variable's part of the path, with a leading slash; `undefined` when the value does not fit. A `**` at the
 * template's end takes at least one segment here, where a request is made, and may be empty where one is matched.
 */
export function expandVariable(variable: TemplateVariable, value: string): string | undefined {
  if (value === "") {
    return undefined;
  }
  const parts = variable.isMulti ? value.split("/") : [value];
  const starts = parts[0] === "" ? undefined : alignSegments(variable.segments, parts);
  if (starts === undefined) {
    return undefined;
  }
  const last = variable.segments.length - 1;
  if (variable.isLast && variable.segments[last]?.kind === "rest" && starts[last] === parts.length) {
    return undefined; // "operations" is not a name below "operations/**", and its path would be that of List
  }
  let path = "";
  for (let at = 0; at < variable.segments.length; at++) {
    const segment = variable.segments[at];
    if (segment?.kind === "literal") {
      path += `/${segment.text}`;
      continue;
    }
    const end = starts[at + 1] ?? parts.length;
    for (let part = starts[at] ?? end; part < end; part++) {
      const text = parts[part] ?? "";
      if (text === "." || text === "..") throw dotSegment(text, variable.fieldPath);
      path += `/${encodeText(text, variable.fieldPath)}`;
    }
  }
  return path;
}

/** A request's path cut at its slashes, so that many templates can be tried on it. */
export interface PathParts {
  readonly raw: readonly string[];
  /** For the comparison with literals; what cannot be decoded stays, and is equal to none. */
  readonly decoded: readonly string[];
}

/**
 * The values of a template's variables in a request's path (percent-encoded, as in the request line); `undefined`
 * when the path is not this template's. A variable that stands twice must have one value.
 *
 * @throws ConnectError InvalidArgument when the path fits, but a captured part is a dot segment (encoded or not) or
 *   is no valid percent-encoding of UTF-8
 */
export function matchPath(template: Template, path: string): readonly string[] | undefined {
  const { verb } = template;
  if (verb === undefined) {
    return matchParts(template, splitPath(path));
  }
  return path.endsWith(`:${verb}`)
    ? matchParts(template, splitPath(path.slice(0, -verb.length - 1)))
    : undefined;
}

/** Cuts a path without its verb; one that does not begin with "/" is no path and has no parts. */
export function splitPath(path: string): PathParts | undefined {
  if (!path.startsWith("/")) {
    return undefined;
  }
  const raw = path.slice(1).split("/");
  return { raw, decoded: raw.map((part) => decodeKeepingSlash(part) ?? part) };
}

/** As {@link matchPath}, of a path that is cut already; the verb is ignored. */
export function matchParts(template: Template, parts: PathParts | undefined): readonly string[] | undefined {
  const starts = parts && alignSegments(template.segments, parts.decoded);
  if (parts === undefined || starts === undefined) {
    return undefined;
  }
  const { raw } = parts;
  const values = template.variables.map((variable) => {
    const end = starts[variable.start + variable.segments.length] ?? raw.length;
    return raw
      .slice(starts[variable.start], end)
      .map((part) => decodePart(part, variable))
      .join("/");
  });
  return agree(template.variables, values) ? values : undefined;
}

/** Whether variables of one field have one value. */
function agree(variables: readonly TemplateVariable[], values: readonly string[]): boolean {
  return variables.every((variable, index) => {
    const first = variables.findIndex((other) => other.fieldPath === variable.fieldPath);
    return first === index || values[first] === values[index];
  });
}

function decodePart(part: string, { fieldPath, isMulti }: TemplateVariable): string {
  const decoded = isMulti ? decodeKeepingSlash(part) : decodeText(part);
  if (decoded === undefined) {
    throw invalidArgument(`the path's part for ${fieldPath} is not percent-encoded UTF-8`);
  }
  if (decoded === "." || decoded === "..") throw dotSegment(decoded, fieldPath);
  return decoded;
}

function dotSegment(part: string, fieldPath: string): ConnectError {
  return invalidArgument(
    `${fieldPath} has a dot segment (${JSON.stringify(part)}), which URL parsers remove`,
  );
}
