// SPDX-License-Identifier: Apache-2.0
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Option } from "commander";
import type { ProcessContext } from "../process.js";
import { UsageError } from "../usage-error.js";
import { type ConfigFile, ownFolder, readConfigFile } from "./config-file.js";
import { type Flags, profileOptions } from "./flags.js";

/** The file name of a profile, in the working directory and in the user's own configuration. */
export const PROFILE_NAME = "longrunning.yaml";

/** The keys whose values are paths, relative to the profile's folder. */
const PATHS = ["service-config", "token-file"];

/** Flags set by a file. */
export interface Profile {
  readonly flags: Flags;
  readonly path: string;
  /** The origin of the file. */
  readonly origin: ConfigFile["origin"];
}

/**
 * Reads the profiles in order of precedence: only the requested file, or `longrunning.yaml` in the working directory and
 * then that of the user's own configuration. Their keys are the flags without dashes.
 *
 * @throws UsageError for a file that cannot be read, an unknown key or a value that the flag would reject
 */
export async function readProfiles(
  { cwd, env }: ProcessContext,
  asked: string | undefined,
): Promise<Profile[]> {
  const known = new Set([join(cwd, PROFILE_NAME), join(ownFolder(env), PROFILE_NAME)]);
  const found = [...known].filter((file) => existsSync(file));
  const paths = asked === undefined ? found : [resolve(cwd, asked)];
  const files = paths.map((path) => readProfile(path, env, asked !== undefined));
  return Promise.all(
    files.map(async (file) => ({ path: file.path, origin: file.origin, flags: await flagsOf(file) })),
  );
}

function readProfile(path: string, env: ProcessContext["env"], isTyped: boolean): ConfigFile {
  try {
    return readConfigFile(path, env, isTyped);
  } catch (cause) {
    throw unreadable(path, cause);
  }
}

function unreadable(path: string, cause: unknown): UsageError {
  const problem = cause instanceof Error ? cause.message.split("\n", 1)[0] : String(cause);
  return new UsageError(`the profile ${path} cannot be read: ${problem}`, { cause });
}

/** The flags set by a file. @throws UsageError */
export async function flagsOf({ path, folder, text }: Omit<ConfigFile, "origin">): Promise<Flags> {
  const content = await parsed(path, text);
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
      ? resolve(folder, String(value))
      : readValue(option, key, value, path);
  }
  return flags;
}

async function parsed(path: string, text: string): Promise<unknown> {
  const { readYaml } = await import("../../service-config/yaml-document.js");
  const { document, problem } = readYaml(text);
  if (problem !== undefined) throw unreadable(path, new Error(`line ${problem.line}: ${problem.message}`));
  try {
    return document.toJS();
  } catch (cause) {
    throw unreadable(path, cause); // an alias that leads nowhere, or one of very many
  }
}

/** The value, parsed as that of the flag. */
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
