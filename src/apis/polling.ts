// SPDX-License-Identifier: Apache-2.0
import { POLLING } from "./catalogue-data.js";

/** How Google's configuration polls the operations of a start method. */
export interface MethodPolling {
  readonly initialMs: number;
  readonly multiplier: number;
  readonly maxMs: number;
  /** The time after which Google's clients stop waiting. */
  readonly timeoutMs: number;
}

let parsed: ReadonlyMap<string, MethodPolling> | undefined;

/**
 * The settings that the API's configuration has for operations of a start method (`publishing.method_settings`,
 * `long_running` of google.api.Service); undefined where it has none.
 *
 * @param method - the full name, `google.spanner.admin.database.v1.DatabaseAdmin.CreateDatabase`.
 */
export function pollingOf(method: string): MethodPolling | undefined {
  parsed ??= new Map(POLLING.split("\n").flatMap(parseLine));
  return parsed.get(method);
}

/** `initial,multiplier,max,total package.Service:Method,Method ...`, seconds, names without `google.`. */
function parseLine(line: string): (readonly [string, MethodPolling])[] {
  const [settings = "", ...services] = line.split(" ");
  const [initial = 0, multiplier = 0, max = 0, total = 0] = settings.split(",").map(Number);
  const polling = { initialMs: initial * 1000, multiplier, maxMs: max * 1000, timeoutMs: total * 1000 };
  return services.flatMap((text) => {
    const [service = "", methods = ""] = text.split(":");
    return methods.split(",").map((method) => [`google.${service}.${method}`, polling] as const);
  });
}
