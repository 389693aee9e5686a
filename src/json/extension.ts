// SPDX-License-Identifier: Apache-2.0
// The extensions of a message, which protobuf-es keeps among its unknown fields. Its own functions for them bring its reflection
// into a bundle.
import {
  create,
  type DescExtension,
  type DescField,
  type DescMessage,
  fromBinary,
  type Message,
  toBinary,
} from "@bufbuild/protobuf";
import { BinaryReader, BinaryWriter } from "@bufbuild/protobuf/wire";
import type { Slots } from "./layout.js";

/** The value of an extension; of one that is not set, the empty value that a field has. */
export function extensionValue({ $unknown = [] }: Message, extension: DescExtension): unknown {
  const writer = new BinaryWriter();
  for (const { no, wireType, data } of $unknown) {
    if (no === extension.number) writer.tag(no, wireType).raw(data);
  }
  return (fromBinary(holderOf(extension), writer.finish()) as Slots)[SLOT];
}

/** Sets an extension, in place of the value that it has. */
export function setExtensionValue(message: Message, extension: DescExtension, value: unknown): void {
  const holder = holderOf(extension);
  const content = create(holder);
  (content as Slots)[SLOT] = value;
  const reader = new BinaryReader(toBinary(holder, content));
  const fields = (message.$unknown ?? []).filter(({ no }) => no !== extension.number);
  while (reader.pos < reader.len) {
    const [no, wireType] = reader.tag();
    fields.push({ no, wireType, data: reader.skip(wireType, no) });
  }
  message.$unknown = fields;
}

/** The property of a holder's only field. */
const SLOT = "value";

/** `google.protobuf.FeatureSet.FieldPresence.EXPLICIT`: a zero that was set is a value. */
const EXPLICIT = 1;

const holders = new WeakMap<DescExtension, DescMessage>();

/** The type of the extended message, with the extension as its only field. */
function holderOf(extension: DescExtension): DescMessage {
  const known = holders.get(extension);
  if (known !== undefined) return known;
  const { extendee } = extension;
  const isSingular = extension.fieldKind !== "list";
  const own = { kind: "field", parent: extendee, localName: SLOT, oneof: undefined };
  // A field has these properties and those of the extension.
  const field = { ...extension, ...own, ...(isSingular && { presence: EXPLICIT }) } as unknown as DescField;
  const holder = { ...extendee, fields: [field], field: { [SLOT]: field }, oneofs: [], members: [field] };
  holders.set(extension, holder);
  return holder;
}
