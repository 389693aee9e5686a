// SPDX-License-Identifier: Apache-2.0
import type { JsonValue } from "@bufbuild/protobuf";
import { base64Encode } from "@bufbuild/protobuf/wire";
import type { ReportCell } from "../../admanager.js";

/** A value in JSON: integers as text, since a number of JSON may lose digits; bytes in base64; no value as null. */
export function cellJson(cell: ReportCell): JsonValue {
  if (cell === undefined) return null;
  if (cell instanceof Uint8Array) return base64Encode(cell);
  if (typeof cell === "bigint") return cell.toString();
  if (typeof cell === "number") return numberJson(cell);
  if (typeof cell === "object") {
    return cell.map((each) => (typeof each === "number" ? numberJson(each) : String(each)));
  }
  return cell;
}

/** A value in CSV: integers and text as they are, bytes in base64, a list as JSON, no value as nothing. */
export function cellText(cell: ReportCell): string | bigint | number {
  if (cell === undefined) return "";
  if (typeof cell === "boolean") return String(cell);
  if (typeof cell === "object") return cell instanceof Uint8Array ? base64Encode(cell) : listText(cell);
  return cell;
}

/** The integers of a list as numbers, whole to the last digit. */
function listText(list: readonly (bigint | number | string)[]): string {
  const items = list.map((each) =>
    typeof each === "bigint" ? each.toString() : JSON.stringify(numberJson(each)),
  );
  return `[${items.join(",")}]`;
}

/** JSON has no NaN and no infinity: ProtoJSON has them as text. */
function numberJson<T>(value: T): T | string {
  return typeof value === "number" && !Number.isFinite(value) ? String(value) : value;
}
