// SPDX-License-Identifier: Apache-2.0
import type { DescField, JsonValue } from "@bufbuild/protobuf";
import { checkCost, JsonLimitError, stringifyJson, utf8 } from "../../json/json-text.js";
import { loneSurrogateAt } from "../../names/operation-name.js";
import type { BodyPlan } from "../binding.js";
import { invalidArgument } from "../invalid-argument.js";
import { isRaw, type RestBody } from "./body.js";

/** An HTTP body as it is sent: text is UTF-8. */
export interface BodyContent {
  readonly contentType: string;
  readonly content: string | Uint8Array;
}

/**
 * The content for a body; {@link parseBody} is the inverse.
 *
 * @throws ConnectError InvalidArgument for a text with a lone surrogate, which has no UTF-8 form
 */
export function contentOfBody(body: RestBody): BodyContent {
  if (body.kind === "raw") {
    return { contentType: body.contentType, content: body.data };
  }
  const content = stringifyJson(body.value);
  // It writes lone surrogates as escapes, and nothing else that begins like that.
  const place = content.includes("\\ud") ? surrogateIn(body.value, []) : undefined;
  if (place !== undefined) {
    throw invalidArgument(`${place.join(".") || "the text"} in the request body has a lone surrogate`);
  }
  return { contentType: "application/json", content };
}

/** Where a lone surrogate is: the keys and indexes that lead to it. */
function surrogateIn(json: JsonValue, place: readonly string[]): readonly string[] | undefined {
  if (typeof json === "string") {
    return loneSurrogateAt(json) >= 0 ? place : undefined;
  }
  if (typeof json !== "object" || json === null) {
    return undefined;
  }
  for (const [key, value] of Object.entries(json)) {
    const found = loneSurrogateAt(key) >= 0 ? [...place, "a key"] : surrogateIn(value, [...place, key]);
    if (found !== undefined) {
      return found;
    }
  }
  return undefined;
}

/**
 * The body of a request. No content, `null` and the empty string are no body: google-gax sends `""` where it has none.
 * Only for a body of one field do `null` and, where it can, `""` say what they say in the field's JSON.
 *
 * @throws ConnectError InvalidArgument for content that is not JSON, and for any but `{}` where the rule has no body
 */
export function parseBody(plan: BodyPlan, body: BodyContent | undefined): RestBody | undefined {
  if (isRaw(plan)) {
    return body && { kind: "raw", contentType: body.contentType, data: bytesOf(body.content) };
  }
  const value = parseJson(body?.content ?? "");
  if (value === undefined || isAbsent(plan, value)) {
    return undefined;
  }
  if (plan.kind === "none" && JSON.stringify(value) !== "{}") {
    throw invalidArgument("the request has a body, expected none");
  }
  return { kind: "json", value };
}

function isAbsent(plan: BodyPlan, value: JsonValue): boolean {
  return plan.kind === "field" ? value === "" && !mayBeText(plan.field) : value === null || value === "";
}

/** Whether `""` may be a value of the field, not only the absence of one. */
function mayBeText({ fieldKind, message }: DescField): boolean {
  return fieldKind === "message"
    ? message.typeName.startsWith("google.protobuf.")
    : fieldKind === "scalar" || fieldKind === "enum";
}

function parseJson(content: string | Uint8Array): JsonValue | undefined {
  try {
    const text = typeof content === "string" ? content : utf8.decode(content);
    if (text.trim() === "") return undefined;
    // Counted before they are decoded: nested brackets would block a server for seconds.
    if (typeof content !== "string") checkCost(content);
    return JSON.parse(text);
  } catch (cause) {
    if (cause instanceof JsonLimitError) throw invalidArgument(`the request body ${cause.message}`, cause);
    throw invalidArgument("the request body is not JSON in UTF-8", cause);
  }
}

function bytesOf(content: string | Uint8Array): Uint8Array {
  return typeof content === "string" ? new TextEncoder().encode(content) : content;
}
