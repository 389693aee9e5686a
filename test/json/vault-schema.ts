// SPDX-License-Identifier: Apache-2.0

import { create, createFileRegistry, type DescMessage, type Registry } from "@bufbuild/protobuf";
import {
  FileDescriptorProtoSchema,
  file_google_protobuf_any,
  file_google_protobuf_struct,
  FieldDescriptorProto_Label as Label,
  FieldDescriptorProto_Type as Type,
} from "@bufbuild/protobuf/wkt";

const field = (name: string, number: number, type: Type, more: object = {}) => ({
  name,
  jsonName: name.replace(/_./g, (part) => part.slice(1).toUpperCase()), // a compiler fills it in
  number,
  type,
  label: Label.OPTIONAL,
  ...more,
});
const any = { typeName: ".google.protobuf.Any" };

const mapEntry = (name: string, key: Type, typeName: string) => ({
  name,
  options: { mapEntry: true },
  field: [field("key", 1, key), field("value", 2, Type.MESSAGE, { typeName })],
});

/** A file with an Any in every place that a proto3 message has for one. */
const file = create(FileDescriptorProtoSchema, {
  name: "vault.proto",
  package: "vault",
  syntax: "proto3",
  dependency: ["google/protobuf/any.proto", "google/protobuf/struct.proto"],
  enumType: [
    {
      name: "Color",
      value: [
        { name: "NONE", number: 0 },
        { name: "RED", number: 1 },
      ],
    },
  ],
  messageType: [
    {
      name: "Vault",
      field: [
        field("one", 1, Type.MESSAGE, any),
        field("many_things", 2, Type.MESSAGE, { ...any, label: Label.REPEATED }),
        field("by_name", 3, Type.MESSAGE, { typeName: ".vault.Vault.ByNameEntry", label: Label.REPEATED }),
        field("by_number", 4, Type.MESSAGE, {
          typeName: ".vault.Vault.ByNumberEntry",
          label: Label.REPEATED,
        }),
        field("inner", 5, Type.MESSAGE, { typeName: ".vault.Vault" }),
        field("vaults", 6, Type.MESSAGE, { typeName: ".vault.Vault", label: Label.REPEATED }),
        field("label", 7, Type.STRING),
        field("size", 8, Type.INT64),
        field("color", 9, Type.ENUM, { typeName: ".vault.Color" }),
        field("chosen_any", 10, Type.MESSAGE, { ...any, oneofIndex: 0 }),
        field("chosen_vault", 11, Type.MESSAGE, { typeName: ".vault.Vault", oneofIndex: 0 }),
        field("chosen_text", 12, Type.STRING, { oneofIndex: 0 }),
        field("chosen_value", 13, Type.MESSAGE, { typeName: ".google.protobuf.Value", oneofIndex: 0 }),
        field("chosen_null", 14, Type.ENUM, { typeName: ".google.protobuf.NullValue", oneofIndex: 0 }),
        field("chosen_color", 15, Type.ENUM, { typeName: ".vault.Color", oneofIndex: 0 }),
        field("notes", 16, Type.MESSAGE, { typeName: ".google.protobuf.Struct" }),
      ],
      oneofDecl: [{ name: "chosen" }],
      nestedType: [
        mapEntry("ByNameEntry", Type.STRING, ".google.protobuf.Any"),
        mapEntry("ByNumberEntry", Type.INT64, ".google.protobuf.Any"),
      ],
    },
    { name: "Plain", field: [field("label", 1, Type.STRING), field("size", 2, Type.INT64)] },
    {
      name: "Choice",
      oneofDecl: [{ name: "kind" }],
      field: [
        field("plain", 1, Type.MESSAGE, { typeName: ".vault.Plain", oneofIndex: 0 }),
        field("other", 2, Type.MESSAGE, { typeName: ".vault.Plain", oneofIndex: 0 }),
      ],
    },
  ],
});

/** The types `vault.Vault`, `vault.Plain` and `vault.Choice`, and what they import. */
export const vaultTypes: Registry = createFileRegistry(file, (name) =>
  [file_google_protobuf_any, file_google_protobuf_struct].find((each) => `${each.name}.proto` === name),
);

export function vaultType(name: "Vault" | "Plain" | "Choice"): DescMessage {
  const desc = vaultTypes.getMessage(`vault.${name}`);
  if (desc === undefined) {
    throw new Error(`the fixture has no ${name}`);
  }
  return desc;
}
