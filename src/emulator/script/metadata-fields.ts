// SPDX-License-Identifier: Apache-2.0
import type { DescField, Registry } from "@bufbuild/protobuf";
import type { Any } from "@bufbuild/protobuf/wkt";
import { typeNameOf } from "../../json/any-value.js";
import type { OperationScript } from "../operations/script.js";
import { scriptError } from "./script-value.js";

/** Replaces the names of metadata fields by the fields. */
export function withFields(
  script: Record<string, unknown>,
  where: string,
  registry: Registry,
): OperationScript {
  const field = (key: string, name: unknown): DescField | undefined => {
    if (name === undefined) return undefined;
    const schema = registry.getMessage(typeNameOf(firstMetadata(script.metadata)?.typeUrl ?? ""));
    const found = schema?.fields.find((one) => one.name === name || one.jsonName === name);
    if (found === undefined) throw scriptError(`${where}.${key}`, "expected a field of the metadata's type");
    return found;
  };
  const { percentField, cancelRequestedField, ...rest } = script;
  return {
    ...rest,
    percentField: field("percent-field", percentField),
    cancelRequestedField: field("cancel-requested-field", cancelRequestedField),
  }; // the types of its other values are checked by `behaviourOf`
}

function firstMetadata(metadata: unknown): Any | undefined {
  const first: unknown = Array.isArray(metadata) ? metadata[0]?.metadata : metadata;
  return typeof first === "object" && first !== null && "typeUrl" in first ? (first as Any) : undefined; // from anyOf
}
