// SPDX-License-Identifier: Apache-2.0
import { UsageError } from "../usage-error.js";
import type { Flags } from "./flags.js";

/**
 * The source of a value: built in, typed, the environment, a file of the user's own configuration, a file that the
 * user has trusted with `longrunning trust`, or any other file, which may be someone else's.
 */
export type Origin = VouchedOrigin | "folder";

/** The origins that express the user's own choice. */
export type VouchedOrigin = "default" | "typed" | "environment" | "own" | "trusted";

/** A setting, or another input of a request: the host named by a service configuration, and the token. */
export type SettingName = keyof Flags | "host" | "token";

/** A value with its origin, which is part of its type. */
export interface Given<T, O extends Origin = Origin> {
  readonly value: T;
  readonly origin: O;
  readonly setting: SettingName;
  /** The file that contains it; `undefined` if it is not from a file. */
  readonly file?: string | undefined;
}

const VOUCHED = ["default", "typed", "own", "trusted"] as const;
const ANY = [...VOUCHED, "folder"] as const;

/**
 * The origins that each setting may have in a request with a credential: the only place that defines what is trusted. A
 * request without a credential accepts all of them from any file. docs/cli.md repeats this table; a test compares them.
 */
export const ALLOWED_ORIGINS = {
  api: VOUCHED,
  region: VOUCHED,
  endpoint: VOUCHED,
  transport: VOUCHED,
  serviceConfig: VOUCHED,
  host: ["own", "trusted"],
  httpPrefix: VOUCHED,
  allowInsecure: VOUCHED,
  header: VOUCHED,
  quotaProject: VOUCHED,
  scopes: VOUCHED,
  tokenFile: VOUCHED,
  auth: VOUCHED,
  token: ["environment"],
  timeout: ANY,
  interval: ANY,
  retry: ANY,
  concurrency: ANY,
  format: ANY,
  color: ANY,
  quiet: ANY,
} as const satisfies Record<SettingName, readonly Origin[]>;

/** All inputs of a request, each with its origin. */
export type Parts<O extends Origin = Origin> = Readonly<Record<string, Given<unknown, O> | undefined>>;

/**
 * Checks that all inputs of a request may be used with a credential, and narrows their type.
 *
 * @throws UsageError that names the settings, the file that they come from, and how to trust it
 */
export function assertVouched<P extends Parts>(
  parts: P,
): asserts parts is P & Readonly<Record<keyof P, Given<unknown, VouchedOrigin> | undefined>> {
  const wrong = Object.values(parts).filter((part) => part !== undefined && !isAllowed(part));
  const [first] = wrong;
  if (first === undefined) return;
  const ofFile = wrong.filter((part) => part?.file === first.file).flatMap((part) => part?.setting ?? []);
  const settings = [...new Set(ofFile)];
  throw new UsageError(
    `${first.file} is not trusted, or has changed since: it may not set ${settings.map(keyOf).join(", ")} of a request ` +
      "that carries a credential",
    {
      next:
        `longrunning trust ${first.file}, once you have read it; or type ${settings.map(flagOf).join(", ")}; or move it to ` +
        "your own configuration; or --no-auth, to send no credential",
    },
  );
}

function isAllowed({ setting, origin }: Given<unknown>): boolean {
  const allowed: readonly Origin[] = ALLOWED_ORIGINS[setting];
  return allowed.includes(origin);
}

/** The setting's name in a file. */
function keyOf(setting: SettingName): string {
  return setting === "host"
    ? "the host (its name:)"
    : setting.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

function flagOf(setting: SettingName): string {
  return setting === "host" ? "--endpoint" : `--${keyOf(setting)}`;
}
