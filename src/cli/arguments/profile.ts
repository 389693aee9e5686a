// SPDX-License-Identifier: Apache-2.0
import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join, resolve } from "node:path";
import type { Option } from "commander";
import type { Surroundings } from "../process.js";
import { UsageError } from "../usage-error.js";
import { type Flags, profileOptions } from "./flags.js";

const FILE = "longrunning.yaml";

/** The keys whose values are paths, which count from the profile's folder. */
const PATHS = ["service-config", "token-file"];

/** What is typed each time, from a file. */
export interface Profile {
  readonly flags: Flags;
  /** The file; `undefined` when there is none. */
  readonly path: string | undefined;
  /** It lies in the working directory, which somebody else may have filled: it is not trusted with credentials. */
  readonly isLocal: boolean;
}

/**
 * Reads the profile: the file that is asked for, or else `longrunning.yaml` in the working directory, or else the one in
 * `$XDG_CONFIG_HOME/longrunning/` (by default `~/.config/longrunning/`). Its keys are the flags without their dashes.
 *
 * @throws UsageError for a file that cannot be read, an unknown key or a value that the flag would not take
 */
export async function readProfile({ cwd, env }: Surroundings, asked: string | undefined): Promise<Profile> {
  const local = join(cwd, FILE);
  const path =
    asked === undefined ? [local, homeFile(env)].find((file) => existsSync(file)) : resolve(cwd, asked);
  if (path === undefined) return { flags: {}, path, isLocal: false };
  return { flags: await flagsIn(path), path, isLocal: asked === undefined && path === local };
}

function homeFile(env: Surroundings["env"]): string {
  const config = env.XDG_CONFIG_HOME || join(env.HOME || homedir(), ".config");
  return join(config, "longrunning", FILE);
}

async function flagsIn(path: string): Promise<Flags> {
  const content = await parsed(path);
  if (content === null) return {};
  if (typeof content !== "object" || Array.isArray(content)) {
    throw new UsageError(`${path}: expected a mapping of flags to values, such as "format: json"`);
  }
  const known = profileOptions();
  const flags: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(content)) {
    const option = known.get(key);
    if (option === undefined) {
      throw new UsageError(`${path}: unknown key "${key}"; expected one of ${[...known.keys()].join(", ")}`);
    }
    flags[option.attributeName()] = PATHS.includes(key)
      ? resolve(dirname(path), String(value))
      : readValue(option, key, value, path);
  }
  return flags;
}

async function parsed(path: string): Promise<unknown> {
  const { parse } = await import("yaml");
  try {
    return parse(readFileSync(path, "utf8"), { logLevel: "error" });
  } catch (cause) {
    const problem = cause instanceof Error ? cause.message.split("\n", 1)[0] : String(cause);
    throw new UsageError(`the profile ${path} cannot be read: ${problem}`, { cause });
  }
}

/** The value as the flag would give it. */
function readValue(option: Option, key: string, value: unknown, path: string): unknown {
  const refuse = (expected: string) => new UsageError(`${path}: ${key}: ${expected}`);
  if (option.isBoolean()) {
    if (typeof value === "boolean") return value;
    throw refuse("Expected true or false.");
  }
  const texts = (Array.isArray(value) ? value : [value]).map((item) => {
    if (typeof item === "string" || typeof item === "number") return String(item);
    throw refuse("Expected text.");
  });
  const repeated = key === "header" ? texts : [texts.join(",")];
  const { parseArg } = option;
  if (parseArg === undefined) return repeated[0];
  try {
    return repeated.reduce<unknown>((before, text) => parseArg(text, before), undefined);
  } catch (error) {
    throw refuse(error instanceof Error ? error.message : String(error));
  }
}
