// SPDX-License-Identifier: Apache-2.0
import type { DescMessage, JsonValue, MessageShape } from "@bufbuild/protobuf";

/** ProtoJSON as the caller wants it (which registry, what of unknown types): handed in, since it is not this room's. */
export interface JsonFunctions {
  toJson<Desc extends DescMessage>(schema: Desc, message: MessageShape<Desc>): JsonValue;
  fromJson<Desc extends DescMessage>(schema: Desc, json: JsonValue): MessageShape<Desc>;
}

/** What an HTTP body holds: ProtoJSON, or the bytes of a `google.api.HttpBody` with their own content type. */
export type RestBody =
  | { readonly kind: "json"; readonly value: JsonValue }
  | { readonly kind: "raw"; readonly contentType: string; readonly data: Uint8Array };
