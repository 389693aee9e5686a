// SPDX-License-Identifier: Apache-2.0
import { create, type DescMessage, isMessage, type JsonValue, type Message } from "@bufbuild/protobuf";
import type { HttpBody } from "../../../gen/google/api/httpbody_pb.js";
import type { JsonOptions } from "../../json/context.js";
import { decodeJson } from "../../json/decode-json.js";
import { encodeJson } from "../../json/encode-json.js";
import { isJsonObject } from "../../json/layout.js";
import type { BodyPlan, ContentPlan } from "../binding.js";
import { createReader, writeField } from "../field/field-access.js";
import type { FieldPath } from "../field/field-path.js";
import { fromFieldJson, toFieldJson } from "./field-json.js";

/** What an HTTP body holds: ProtoJSON, or the bytes of a `google.api.HttpBody` with their own content type. */
export type RestBody =
  | { readonly kind: "json"; readonly value: JsonValue }
  | { readonly kind: "raw"; readonly contentType: string; readonly data: Uint8Array };

/** What a body is made from. */
export interface BodySource {
  readonly message: Message;
  readonly json: JsonOptions;
}

/** The content type of bytes whose HttpBody does not name one, RFC 9110 section 8.3. */
const UNKNOWN_CONTENT = "application/octet-stream";

/** Whether a body is the bytes of a `google.api.HttpBody`, not JSON. */
export function isRaw({ kind }: BodyPlan): boolean {
  return kind === "raw" || kind === "raw-field";
}

/**
 * The HTTP body for a message by a plan. {@link fromBody} is the inverse, as far as the body has the fields.
 *
 * @throws Error as `encodeJson`
 */
export function toBody(plan: ContentPlan, schema: DescMessage, { message, json }: BodySource): RestBody {
  switch (plan.kind) {
    case "empty":
      return { kind: "json", value: {} };
    case "message":
      return { kind: "json", value: withoutFields(encodeJson(schema, message, json), plan.bound) };
    case "field":
      return { kind: "json", value: withoutFields(toFieldJson(plan.field, message, json), plan.bound) };
    case "raw":
      return rawOf(message);
    case "raw-field":
      return rawOf(createReader([plan.field])(message));
  }
}

/**
 * The message that a body holds. JSON for a plan of raw bytes is read as JSON: some servers send an HttpBody so when
 * asked for it.
 *
 * @throws Error as `decodeJson`
 */
export function fromBody(
  plan: BodyPlan,
  schema: DescMessage,
  { body, json }: { readonly body: RestBody; readonly json: JsonOptions },
): Message {
  if (body.kind === "json") {
    return plan.kind === "field" || plan.kind === "raw-field"
      ? fromFieldJson(plan.field, body.value, json)
      : decodeJson(schema, body.value, json);
  }
  const content = { contentType: body.contentType, data: body.data };
  const message = create(schema);
  if (plan.kind === "raw-field" && plan.field.message !== undefined) {
    writeField(message, plan.field, create(plan.field.message, content));
    return message;
  }
  return Object.assign(message, content);
}

function rawOf(value: unknown): RestBody {
  const { contentType, data } = isHttpBody(value) ? value : { contentType: "", data: new Uint8Array() };
  return { kind: "raw", contentType: contentType === "" ? UNKNOWN_CONTENT : contentType, data };
}

/** By name, so that a bundle needs no stub of HttpBody when no method has one. */
function isHttpBody(value: unknown): value is HttpBody {
  return isMessage(value) && value.$typeName === "google.api.HttpBody";
}

/** Takes the fields of the path out of fresh JSON: http.proto gives a field one place. Emptied messages stay. */
function withoutFields(json: JsonValue, paths: readonly FieldPath[]): JsonValue {
  for (const path of paths) {
    let holder: JsonValue | undefined = json;
    for (const field of path.slice(0, -1)) {
      holder = isJsonObject(holder) ? holder[field.jsonName] : undefined;
    }
    if (isJsonObject(holder)) delete holder[(path.at(-1) ?? path[0]).jsonName];
  }
  return json;
}
