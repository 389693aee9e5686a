// SPDX-License-Identifier: Apache-2.0
import type { Endpoint } from "../endpoint.js";

/**
 * Query parameters that Google's servers understand on every method
 * (https://cloud.google.com/apis/docs/system-parameters). They go out under their `$` names, which no field of a
 * message can have. A server that does not know them may refuse the request.
 */
export interface SystemParameters {
  /**
   * How the answer shall spell enum values. By number, a value newer than the schema survives; by name, it is lost.
   * @default "int" for `*.googleapis.com`, "name" elsewhere
   */
  readonly enumEncoding?: "int" | "name" | undefined;
  /** Whether the answer shall be indented: `$prettyPrint`. @default not said */
  readonly prettyPrint?: boolean | undefined;
  /** The version of the API's surface that is asked for: `$apiVersion` (AIP-4238). @default not said */
  readonly apiVersion?: string | undefined;
}

/** The parameters as a query, percent-encoded and without `?`; empty when there are none. */
export function toSystemQuery(parameters: SystemParameters, endpoint: Endpoint): string {
  const isGoogle = endpoint.hostname === "googleapis.com" || endpoint.hostname.endsWith(".googleapis.com");
  const { enumEncoding = isGoogle ? "int" : "name", prettyPrint, apiVersion } = parameters;
  const pairs: string[] = [];
  // The semicolon must be encoded: servers take a bare one for a separator.
  if (enumEncoding === "int") pairs.push("$alt=json%3Benum-encoding%3Dint");
  if (prettyPrint !== undefined) pairs.push(`$prettyPrint=${prettyPrint ? 1 : 0}`);
  if (apiVersion !== undefined) pairs.push(`$apiVersion=${encodeURIComponent(apiVersion)}`);
  return pairs.join("&");
}
