// SPDX-License-Identifier: Apache-2.0
import { create, createFileRegistry } from "@bufbuild/protobuf";
import { reflect } from "@bufbuild/protobuf/reflect";
import {
  anyPack,
  FieldDescriptorProto_Label,
  FieldDescriptorProto_Type,
  FileDescriptorProtoSchema,
} from "@bufbuild/protobuf/wkt";

/** A metadata type with one field of a given name, as an API of one's own would have it. */
export function cancellableMetadata(field: string, type: "bool" | "string") {
  const file = create(FileDescriptorProtoSchema, {
    name: "my.proto",
    package: "my",
    syntax: "proto3",
    messageType: [
      {
        name: "Metadata",
        field: [
          {
            name: field,
            number: 1,
            type: type === "bool" ? FieldDescriptorProto_Type.BOOL : FieldDescriptorProto_Type.STRING,
            label: FieldDescriptorProto_Label.OPTIONAL,
          },
        ],
      },
    ],
  });
  const schema = createFileRegistry(file, () => undefined).getMessage("my.Metadata");
  const desc = schema?.fields[0];
  if (schema === undefined || desc?.fieldKind !== "scalar") throw new Error("the file above is wrong");
  const pack = (value: boolean | string) => {
    const message = reflect(schema);
    message.set(desc, value);
    return anyPack(schema, message.message);
  };
  return { schema, pack };
}
