// SPDX-License-Identifier: Apache-2.0

import { create, createFileRegistry, type DescMessage, type FileRegistry } from "@bufbuild/protobuf";
import {
  FieldOptions_JSType,
  FileDescriptorProtoSchema,
  file_google_protobuf_any,
  file_google_protobuf_duration,
  file_google_protobuf_empty,
  file_google_protobuf_field_mask,
  file_google_protobuf_struct,
  file_google_protobuf_timestamp,
  file_google_protobuf_wrappers,
  FieldDescriptorProto_Label as Label,
  FieldDescriptorProto_Type as Type,
} from "@bufbuild/protobuf/wkt";
import { keepsEveryKey } from "./json-arbitrary.js";

const dependencies = [
  file_google_protobuf_any,
  file_google_protobuf_duration,
  file_google_protobuf_empty,
  file_google_protobuf_field_mask,
  file_google_protobuf_struct,
  file_google_protobuf_timestamp,
  file_google_protobuf_wrappers,
];

/** Each type of value that a field can have: the scalars, and types by name. */
const TYPES: readonly (readonly [name: string, type: Type, typeName?: string])[] = [
  ...Object.entries(Type)
    .filter(([, type]) => typeof type === "number" && ![Type.GROUP, Type.MESSAGE, Type.ENUM].includes(type))
    .map(([name, type]) => [name.toLowerCase(), type as Type] as const), // the entries with numbers, by the filter
  ["enum", Type.ENUM, ".kinds.Color"],
  ["null", Type.ENUM, ".google.protobuf.NullValue"],
  ["small", Type.MESSAGE, ".kinds.Small"],
  ...["Empty", "Timestamp", "Duration", "FieldMask", "Struct", "Value", "ListValue", "Any"].map(
    (name) => [name.toLowerCase(), Type.MESSAGE, `.google.protobuf.${name}`] as const,
  ),
  ...["Double", "Float", "Int64", "UInt64", "Int32", "UInt32", "Bool", "String", "Bytes"].map(
    (name) => [`${name.toLowerCase()}_value`, Type.MESSAGE, `.google.protobuf.${name}Value`] as const,
  ),
];

const KEYS = [Type.STRING, Type.BOOL, Type.INT32, Type.FIXED32, Type.SINT64, Type.UINT64];

/** The name that a compiler gives the entries of a map. */
function entryName(field: string): string {
  return `${field.replace(/(?:^|_)(.)/g, (_, letter: string) => letter.toUpperCase())}Entry`;
}

/** A file with a message that has a field of each kind, in a syntax of protobuf. */
function kindsOf(syntax: "proto2" | "proto3"): FileRegistry {
  let number = 0;
  const field = (name: string, type: Type, typeName: string | undefined, more: object = {}) => ({
    name,
    jsonName: name.replace(/_./g, (part) => part.slice(1).toUpperCase()), // a compiler fills it in
    number: ++number,
    type,
    label: Label.OPTIONAL,
    ...(typeName !== undefined && { typeName }),
    ...more,
  });
  const each = (prefix: string, more: (type: Type) => object) =>
    TYPES.map(([name, type, typeName]) => field(`${prefix}_${name}`, type, typeName, more(type)));
  const mapEntry = (name: string, key: Type, [, type, typeName]: (typeof TYPES)[number]) => ({
    name: entryName(name),
    options: { mapEntry: true },
    field: [
      { ...field("key", key, undefined), number: 1 },
      { ...field("value", type, typeName), number: 2 },
    ],
  });
  const maps = [
    ...TYPES.map((type) => [`map_${type[0]}`, Type.STRING, type] as const),
    ...KEYS.map((key) => [`keys_${Type[key].toLowerCase()}`, key, ["", Type.STRING] as const] as const),
  ];
  const isProto2 = syntax === "proto2";
  const file = create(FileDescriptorProtoSchema, {
    name: "kinds.proto",
    package: "kinds",
    syntax,
    dependency: dependencies.map(({ proto }) => proto.name),
    enumType: [
      {
        name: "Color",
        value: [
          { name: "RED", number: 0 },
          { name: "GREEN", number: -1 },
        ],
      },
    ],
    messageType: [
      {
        name: "Kinds",
        oneofDecl: [{ name: "choice" }, ...(isProto2 ? [] : [{ name: "_set_int32" }])],
        field: [
          ...each("one", () => ({})),
          ...each("many", (type) => ({
            label: Label.REPEATED,
            ...(type === Type.INT64 && { options: { jstype: FieldOptions_JSType.JS_STRING } }),
          })),
          ...each("chosen", () => ({ oneofIndex: 0 })),
          ...maps.map(([name]) =>
            field(name, Type.MESSAGE, `.kinds.Kinds.${entryName(name)}`, { label: Label.REPEATED }),
          ),
          field("set_int32", Type.INT32, undefined, isProto2 ? {} : { oneofIndex: 1, proto3Optional: true }),
          field("long_text", Type.UINT64, undefined, { options: { jstype: FieldOptions_JSType.JS_STRING } }),
          field("other_name", Type.STRING, undefined, { jsonName: "@other name" }),
          field("proto", Type.STRING, undefined, keepsEveryKey ? { jsonName: "__proto__" } : {}),
          ...(isProto2
            ? [
                field("grouped", Type.GROUP, ".kinds.Kinds.Grouped"),
                field("with_default", Type.INT32, undefined, { defaultValue: "7" }),
              ]
            : []),
        ],
        extensionRange: isProto2 ? [{ start: 10_000, end: 20_000 }] : [],
        nestedType: [
          ...maps.map(([name, key, type]) => mapEntry(name, key, type)),
          ...(isProto2 ? [{ name: "Grouped", field: [field("number", Type.INT32, undefined)] }] : []),
        ],
      },
      {
        name: "Small",
        field: [field("number", Type.SINT32, undefined), field("any", Type.MESSAGE, ".google.protobuf.Any")],
      },
      ...(isProto2
        ? [{ name: "Strict", field: [field("needed", Type.INT32, undefined, { label: Label.REQUIRED })] }]
        : []),
    ],
    extension: isProto2
      ? TYPES.map(([name, type, typeName], index) => ({
          ...field(`ext_${name}`, type, typeName),
          number: 10_000 + index,
          extendee: ".kinds.Kinds",
          ...(index % 5 === 0 && { label: Label.REPEATED }),
        }))
      : [],
  });
  return createFileRegistry(file, (name) => dependencies.find(({ proto }) => proto.name === name));
}

/** The types of `kinds.proto` in both syntaxes, and what they import. */
export const kinds: Readonly<Record<"proto2" | "proto3", FileRegistry>> = {
  proto2: kindsOf("proto2"),
  proto3: kindsOf("proto3"),
};

export function kindsType(syntax: "proto2" | "proto3", name = "Kinds"): DescMessage {
  const desc = kinds[syntax].getMessage(`kinds.${name}`);
  if (desc === undefined) throw new Error(`the fixture has no ${name}`);
  return desc;
}
