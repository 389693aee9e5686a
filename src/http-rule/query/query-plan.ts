// SPDX-License-Identifier: Apache-2.0
import type { DescField, DescMessage } from "@bufbuild/protobuf";
import { isScalarZeroValue } from "@bufbuild/protobuf/reflect";
import { hasCustomJsonRepresentation } from "@bufbuild/protobuf/wkt";
import { type FieldBehavior, field_behavior } from "../../../gen/google/api/field_behavior_pb.js";
import { numbersOption } from "../../names/descriptor-option.js";
import { createReader, type FieldReader, IMPLICIT } from "../field/field-access.js";
import { type FieldPath, isAmong, pathsBelow } from "../field/field-path.js";
import { fieldToText, type ToText } from "../field/to-text.js";
import { encodeText } from "../path/percent.js";

/** As a number: the enum would be in every bundle. */
const REQUIRED: FieldBehavior.REQUIRED = 2;

/** How one field of a message goes to the query. */
export type QueryEntry = {
  readonly field: DescField;
  /** The field's JSON name, percent-encoded: its part of the key. */
  readonly key: string;
  readonly read: FieldReader;
} & (
  | { readonly kind: "value"; readonly toText: ToText; readonly isOmitted: (value: unknown) => boolean }
  | { readonly kind: "values"; readonly toText: ToText }
  | { readonly kind: "message"; readonly entries: () => readonly QueryEntry[] }
  /** Must not be in a query: a map, a repeated message, or a message whose JSON is no object of fields. */
  | { readonly kind: "impossible"; readonly isEmpty: (value: unknown) => boolean }
);

/** Entries of whole messages: they follow from the descriptor alone, so they serve every rule. */
const wholeMessages = new WeakMap<DescMessage, readonly QueryEntry[]>();

/**
 * The entries for the fields of a message, in the order of the proto file, without the fields at the end of the paths
 * in `bound`. Below a message field they are made when first needed: types may be recursive.
 */
export function queryPlan(message: DescMessage, bound: readonly FieldPath[]): readonly QueryEntry[] {
  if (bound.length > 0) {
    return entriesOf(message, bound);
  }
  const known = wholeMessages.get(message) ?? entriesOf(message, bound);
  wholeMessages.set(message, known);
  return known;
}

function entriesOf(message: DescMessage, bound: readonly FieldPath[]): readonly QueryEntry[] {
  return message.fields.filter((field) => !isAmong(field, bound)).map((field) => entryOf(field, bound));
}

function entryOf(field: DescField, bound: readonly FieldPath[]): QueryEntry {
  const toText = fieldToText(field);
  const shared = { field, key: encodeText(field.jsonName, field.name), read: createReader([field]) };
  if (toText !== undefined) {
    return field.fieldKind === "list"
      ? { ...shared, kind: "values", toText }
      : { ...shared, kind: "value", toText, isOmitted: omission(field) };
  }
  if (field.fieldKind !== "message" || hasCustomJsonRepresentation(field.message)) {
    return { ...shared, kind: "impossible", isEmpty: emptiness(field) };
  }
  const { message } = field;
  let entries: readonly QueryEntry[] | undefined;
  const below = pathsBelow(field, bound);
  return {
    ...shared,
    kind: "message",
    entries: () => {
      entries ??= queryPlan(message, below);
      return entries;
    },
  };
}

/**
 * A default without presence says nothing and is left out, except where the API calls the field REQUIRED
 * (google.api.field_behavior): there, a zero is a value.
 */
function omission(field: DescField): (value: unknown) => boolean {
  if (field.presence !== IMPLICIT || numbersOption(field, field_behavior.number).includes(REQUIRED)) {
    return () => false;
  }
  if (field.fieldKind === "enum") {
    const zero = field.enum.values[0]?.number;
    return (value) => value === zero;
  }
  const { scalar } = field;
  return (value) => scalar !== undefined && isScalarZeroValue(scalar, value);
}

/** A repeated field, a map and a Struct (which protobuf-es keeps as a plain object) may be there and empty. */
function emptiness(field: DescField): (value: unknown) => boolean {
  const isCollection = field.fieldKind !== "message" || field.message.typeName === "google.protobuf.Struct";
  return (value) => value === undefined || (isCollection && Object.keys(value ?? {}).length === 0);
}
