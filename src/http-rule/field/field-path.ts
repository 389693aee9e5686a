// SPDX-License-Identifier: Apache-2.0
import type { DescField, DescMessage } from "@bufbuild/protobuf";
import { hasCustomJsonRepresentation } from "@bufbuild/protobuf/wkt";
import { HttpRuleError, type RulePlace } from "../http-rule-error.js";

/** Fields from the request message down to the one that is meant; never empty. */
export type FieldPath = readonly [DescField, ...DescField[]];

/**
 * Finds the fields of a dotted path by their names in the proto file, the only names that a rule uses: neither
 * `json_name` nor a camel-cased form is one.
 *
 * @throws HttpRuleError when a field does not exist, or when a step leads into something other than a plain, singular
 *   message. Types with a JSON form of their own (Timestamp, Any, wrappers …) have no fields in JSON to speak of.
 */
export function resolveFieldPath(message: DescMessage, path: string, place: RulePlace): FieldPath {
  const [first = "", ...rest] = path.split(".");
  const fields: [DescField, ...DescField[]] = [fieldNamed(message, first, place)];
  let last = fields[0];
  for (const name of rest) {
    if (last.fieldKind !== "message" || hasCustomJsonRepresentation(last.message)) {
      throw new HttpRuleError(`${path} leads into ${describeField(last)}, expected a plain message`, place);
    }
    last = fieldNamed(last.message, name, place);
    fields.push(last);
  }
  return fields;
}

function fieldNamed(message: DescMessage, name: string, place: RulePlace): DescField {
  const field = message.fields.find((candidate) => candidate.name === name);
  if (field === undefined) {
    throw new HttpRuleError(`${message.typeName} has no field ${JSON.stringify(name)}`, place);
  }
  return field;
}

/** Whether one of some paths is this field, not one below it. */
export function isAmong(field: DescField, paths: readonly FieldPath[]): boolean {
  return paths.some(([first, next]) => first === field && next === undefined);
}

/** What remains of the paths that lead through a field, without it. */
export function pathsBelow(field: DescField, paths: readonly FieldPath[]): readonly FieldPath[] {
  return paths.flatMap(([first, next, ...rest]): FieldPath[] =>
    first === field && next !== undefined ? [[next, ...rest]] : [],
  );
}

/** A field and what it is, for errors: `the map field labels`. */
export function describeField(field: DescField): string {
  const what =
    field.fieldKind === "list"
      ? "repeated"
      : field.fieldKind === "message"
        ? field.message.typeName
        : field.fieldKind;
  return `the ${what} field ${field.parent.typeName}.${field.name}`;
}
