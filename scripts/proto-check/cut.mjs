// SPDX-License-Identifier: Apache-2.0
// Takes elements out of compiled protos by their full names.
import { clearField, clone, isFieldSet } from "@bufbuild/protobuf";
import {
  FieldDescriptorProto_Type,
  FieldDescriptorProtoSchema,
  FileDescriptorSetSchema,
} from "@bufbuild/protobuf/wkt";

/** @typedef {import("@bufbuild/protobuf/wkt").FileDescriptorSet} FileDescriptorSet */
/** @typedef {import("@bufbuild/protobuf/wkt").FileDescriptorProto} FileDescriptorProto */
/** @typedef {import("@bufbuild/protobuf/wkt").DescriptorProto} DescriptorProto */
/** @typedef {import("@bufbuild/protobuf/wkt").EnumDescriptorProto} EnumDescriptorProto */
/** @typedef {(name: string) => boolean} IsOut */

/** Whether a file is one of those that buf brings itself, the same on both sides. @param {string} path */
export const isWellKnown = (path) => path.startsWith("google/protobuf/");

/** The top-level elements and the methods of a file, by full name. @param {FileDescriptorProto} file */
export const namesIn = (file) => [
  ...[...file.messageType, ...file.enumType, ...file.extension].map(({ name }) => `${file.package}.${name}`),
  ...file.service.flatMap(({ name, method }) => [
    `${file.package}.${name}`,
    ...method.map((each) => `${file.package}.${name}.${each.name}`),
  ]),
];

/**
 * A copy with only the files that `keeps`, and the well-known ones, and without the elements that `isOut` names.
 * @param {FileDescriptorSet} set
 * @param {(path: string) => boolean} keeps
 * @param {IsOut} isOut
 * @returns {FileDescriptorSet}
 */
export const cut = (set, keeps, isOut) => {
  const copy = clone(FileDescriptorSetSchema, set);
  copy.file = copy.file.filter(({ name }) => keeps(name) || isWellKnown(name));
  for (const file of copy.file) {
    file.dependency = file.dependency.filter((path) => keeps(path) || isWellKnown(path));
    file.publicDependency = []; // by index, which is no longer right
    file.weakDependency = [];
    cutScope(file, file.package, isOut);
    file.service = without(file.service, file.package, isOut);
    for (const each of file.service)
      each.method = without(each.method, `${file.package}.${each.name}`, isOut);
  }
  return copy;
};

/**
 * The set, in which the named fields of messages at the top level have become text instead of enums.
 * @param {FileDescriptorSet} set
 * @param {ReadonlySet<string>} names
 */
export const withText = (set, names) => {
  for (const file of set.file) {
    for (const message of file.messageType) {
      for (const field of message.field) {
        if (!names.has(`${file.package}.${message.name}.${field.name}`)) continue;
        if (field.type !== FieldDescriptorProto_Type.ENUM)
          throw new Error(`${field.name} is no enum upstream`);
        field.type = FieldDescriptorProto_Type.STRING;
        clearField(field, FieldDescriptorProtoSchema.field.typeName);
      }
    }
  }
  return set;
};

/**
 * @template {{ name: string }} Element
 * @param {readonly Element[]} elements
 * @param {string} scope
 * @param {IsOut} isOut
 */
const without = (elements, scope, isOut) => elements.filter(({ name }) => !isOut(`${scope}.${name}`));

/**
 * What files and messages have in common: they hold messages, enums and extensions.
 * @param {FileDescriptorProto | DescriptorProto} holder
 * @param {string} scope
 * @param {IsOut} isOut
 */
const cutScope = (holder, scope, isOut) => {
  holder.extension = without(holder.extension, scope, isOut);
  holder.enumType = without(holder.enumType, scope, isOut);
  for (const each of holder.enumType) each.value = without(each.value, `${scope}.${each.name}`, isOut);
  const messages = "messageType" in holder ? holder.messageType : holder.nestedType;
  const kept = without(messages, scope, isOut);
  messages.splice(0, messages.length, ...kept);
  for (const message of kept) {
    message.field = without(message.field, `${scope}.${message.name}`, isOut);
    const isInOneof = FieldDescriptorProtoSchema.field.oneofIndex;
    if (!message.field.some((field) => isFieldSet(field, isInOneof))) message.oneofDecl = [];
    cutScope(message, `${scope}.${message.name}`, isOut);
  }
};
