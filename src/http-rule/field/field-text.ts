// SPDX-License-Identifier: Apache-2.0
import {
  create,
  type DescEnum,
  type DescField,
  type DescMessage,
  fromJson,
  type Message,
  toJson,
} from "@bufbuild/protobuf";
import { isWrapperDesc } from "@bufbuild/protobuf/wkt";
import { createReader } from "./field-access.js";
import { type FieldText, scalarText } from "./scalar-text.js";

/** Messages whose JSON is one string, by what an error calls them. */
const STRING_MESSAGES: ReadonlyMap<string, string> = new Map([
  ["google.protobuf.Timestamp", "an RFC 3339 timestamp"],
  ["google.protobuf.Duration", 'a duration such as "1.5s"'],
  ["google.protobuf.FieldMask", 'a field mask such as "name,displayName"'],
]);

/**
 * How the values of a field, or the elements of a repeated one, read as text; `undefined` for maps and for messages
 * whose JSON is not a single scalar.
 */
export function fieldText(field: DescField): FieldText | undefined {
  if (field.fieldKind === "map") {
    return undefined;
  }
  if (field.enum !== undefined) {
    return enumText(field.enum);
  }
  if (field.message !== undefined) {
    // protobuf-es keeps a wrapper as its bare value only in a singular field outside a oneof.
    return messageText(field.message, field.fieldKind === "message" && field.oneof === undefined);
  }
  return field.scalar === undefined ? undefined : scalarText(field.scalar, field.longAsString);
}

/** The name of a value; the number when the enum has no name for it. Reading takes both. */
function enumText({ name, open, value, values }: DescEnum): FieldText {
  return {
    what: `a name of the enum ${name}`,
    toText: (number) => {
      if (!Number.isInteger(number)) {
        throw new TypeError(`expected a number, got ${typeof number}`);
      }
      return value[number as number]?.name ?? String(number); // An integer, by the line above.
    },
    fromText: (text) => {
      const named = values.find((candidate) => candidate.name === text)?.number;
      if (named !== undefined || !/^-?\d{1,10}$/.test(text)) {
        return named;
      }
      const number = Number(text);
      return (open && (number | 0) === number) || value[number] !== undefined ? number : undefined;
    },
  };
}

function messageText(message: DescMessage, isBare: boolean): FieldText | undefined {
  const what = STRING_MESSAGES.get(message.typeName);
  if (what !== undefined) {
    return {
      what,
      toText: (value) => String(toJson(message, value as Message)), // toJson checks the type itself.
      fromText: (text) => {
        try {
          return fromJson(message, text);
        } catch {
          return undefined; // Its message is about JSON; the caller's error has what was expected.
        }
      },
    };
  }
  if (!isWrapperDesc(message)) {
    return undefined;
  }
  const [inner] = message.fields;
  const text = scalarText(inner.scalar, inner.longAsString);
  if (isBare) {
    return text;
  }
  const read = createReader([inner]);
  return {
    what: text.what,
    toText: (value) => text.toText(read(value as Message)), // Not bare: the field holds the wrapper message.
    fromText: (value) => {
      const inside = text.fromText(value);
      return inside === undefined ? undefined : create(message, { value: inside });
    },
  };
}
