// SPDX-License-Identifier: Apache-2.0
// Takes a file's descriptor apart into elements, and each element into facts that can be compared as text.
import { toJson } from "@bufbuild/protobuf";
import { FileDescriptorProtoSchema } from "@bufbuild/protobuf/wkt";

/**
 * What is true of an element: `number`, `type`, `option [google.api.http]`, each with its value as JSON.
 * Every member of the descriptor becomes one, so that a member that protobuf adds later is compared too.
 * @typedef {ReadonlyMap<string, string>} Facts
 */

/**
 * A descriptor's JSON, be it a file's, a message's or a field's.
 * @typedef {{ readonly [member: string]: any }} Descriptor
 */

/** Members that hold further elements. */
const elementLists = [
  ...["messageType", "nestedType", "enumType", "service", "extension"],
  ...["field", "oneofDecl", "value", "method"],
];

/**
 * Members that are not facts. A name is the element's key. Imports are not on the wire, and what is missing
 * because of one shows up as a missing type or option.
 */
const notFacts = new Set([
  ...["name", "package", "sourceCodeInfo", "options", ...elementLists],
  ...["dependency", "publicDependency", "weakDependency", "optionDependency"],
]);

/**
 * Every element of a file, the file itself first, under keys such as
 * `google/rpc/status.proto: google.rpc.Status.code`.
 * @param {import("@bufbuild/protobuf/wkt").FileDescriptorProto} file
 * @param {import("@bufbuild/protobuf").Registry} registry knows the options' extensions
 * @returns {[string, Facts][]}
 */
export const factsOfFile = (file, registry) => {
  const descriptor = /** @type {Descriptor} */ (toJson(FileDescriptorProtoSchema, file, { registry }));
  return [
    [file.name, new Map([...factsOf(descriptor, {}), ["package", file.package]])],
    ...elementsIn(descriptor, `${file.name}: ${file.package}`),
  ];
};

/**
 * @param {Descriptor} parent
 * @param {string} prefix
 * @returns {[string, Facts][]}
 */
const elementsIn = (parent, prefix) =>
  elementLists
    .flatMap((list) => parent[list] ?? [])
    .flatMap((/** @type {Descriptor} */ element) => {
      const key = `${prefix}.${element.name}`;
      return [[key, factsOf(element, parent)], ...elementsIn(element, key)];
    });

/**
 * @param {Descriptor} element
 * @param {Descriptor} parent
 * @returns {Facts}
 */
const factsOf = (element, parent) =>
  new Map([
    ...Object.entries(element)
      .filter(([member]) => !notFacts.has(member))
      .map(([member, value]) => factOf(member, value, parent)),
    ...Object.entries(element.options ?? {}).map(([name, value]) => factOf(`option ${name}`, value, parent)),
  ]);

/**
 * A oneof goes by its name and not by its index, since the order of oneofs means nothing.
 * @param {string} member
 * @param {any} value
 * @param {Descriptor} parent
 * @returns {[string, string]}
 */
const factOf = (member, value, parent) =>
  member === "oneofIndex" ? ["oneof", parent.oneofDecl[value].name] : [member, JSON.stringify(value)];
