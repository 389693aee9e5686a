// SPDX-License-Identifier: Apache-2.0
import { AD_MANAGER_POLLING, type PollingOptions } from "../client/polling/polling-options.js";
import { withBounds } from "../retry/retry-policy.js";
import { POLLING } from "./catalogue-data.js";

/** How Google's configuration polls the operations of a start method. */
export interface MethodPolling {
  readonly initialMs: number;
  readonly multiplier: number;
  readonly maxMs: number;
  /** The time after which Google's clients stop waiting. */
  readonly timeoutMs: number;
}

/** APIs whose documentation asks for polling intervals that are not in their configuration. */
const DOCUMENTED: Readonly<Record<string, Pick<MethodPolling, "initialMs" | "maxMs">>> = {
  "admanager.googleapis.com": AD_MANAGER_POLLING,
};

let parsed: ReadonlyMap<string, MethodPolling> | undefined;

/**
 * The settings in the API's configuration for operations of a start method (`publishing.method_settings`,
 * `long_running` of google.api.Service); undefined if there are none.
 *
 * @param method - the full name, `google.spanner.admin.database.v1.DatabaseAdmin.CreateDatabase`.
 */
export function pollingOf(method: string): MethodPolling | undefined {
  parsed ??= new Map(POLLING.split("\n").flatMap(parseLine));
  return parsed.get(method);
}

/** Polling with both bounds of the pause. */
type Bounded = PollingOptions & Pick<MethodPolling, "initialMs" | "maxMs">;

/** The polling of an API's client: the caller's options, with the API's as defaults. */
export function clientPolling(host: string, given: PollingOptions | undefined): PollingOptions | undefined {
  const documented = DOCUMENTED[host];
  return documented === undefined || !isOptions(given) ? given : withDefaults(documented, given);
}

/** The polling of an operation that a method started: the call's or client's options, with the method's as defaults. */
export function startPolling(
  method: string,
  clientOptions: PollingOptions = {},
  callOptions: PollingOptions = {},
): PollingOptions {
  const configured = pollingOf(method);
  if (configured === undefined || !isOptions(callOptions)) return callOptions;
  return withDefaults(withDefaults(configured, clientOptions), callOptions);
}

/** A value of another type is left for the client to reject. */
function isOptions(value: unknown): boolean {
  return value === undefined || (typeof value === "object" && value !== null);
}

/** A default bound is adjusted to the caller's: with `maxMs: 5_000`, an API that starts at 20 s is polled every 5 s. */
function withDefaults(defaults: Bounded, given: PollingOptions = {}): Bounded {
  const defined = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  return { ...defaults, ...defined, ...withBounds(given, defaults) };
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
