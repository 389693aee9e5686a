// SPDX-License-Identifier: Apache-2.0
import { resolve } from "node:path";
import { type ConfigFile, ownFolder, readConfigFile, realPathOf } from "../arguments/config-file.js";
import type { PlainFlags } from "../arguments/flags.js";
import { flagsOf, PROFILE_NAME } from "../arguments/profile.js";
import { hashOf, recordsIn, revokeFile, trustFile } from "../arguments/trust-store.js";
import { EXIT } from "../exit-status.js";
import { errorReportOf } from "../output/error-report.js";
import { row } from "../output/items.js";
import type { Item } from "../output/printer.js";
import { messagesFor, printerFor } from "../output/streams.js";
import type { ProcessContext } from "../process.js";
import { UsageError } from "../usage-error.js";

/** Flags of `longrunning trust`. */
export interface TrustFlags extends PlainFlags {
  readonly list?: boolean;
  readonly revoke?: boolean;
}

/** Trusts files, revokes trust, or lists the trusted files. @returns the exit status */
export async function runTrust(
  files: readonly string[],
  flags: TrustFlags,
  context: ProcessContext,
): Promise<number> {
  try {
    const printer = await printerFor(context, flags, true);
    for (const item of await itemsOf(files, flags, context)) await printer.print(item);
    await printer.end();
    return EXIT.ok;
  } catch (error) {
    const report = errorReportOf(error);
    messagesFor(context, flags).fail(report);
    return report.status;
  }
}

async function itemsOf(
  files: readonly string[],
  flags: TrustFlags,
  { cwd, env }: ProcessContext,
): Promise<Item[]> {
  const own = ownFolder(env);
  if (flags.list === true) {
    return recordsIn(own).map(({ path, hash }) =>
      fileItem(path, isUnchanged(path, hash, env) ? "trusted" : "changed"),
    );
  }
  const paths = (files.length === 0 ? [PROFILE_NAME] : files).map((file) => resolve(cwd, file));
  if (flags.revoke === true) {
    return paths.map(realPathOf).map((path) => fileItem(path, revokeFile(own, path) ? "revoked" : "unknown"));
  }
  // Read all of them before trusting the first one.
  const found = await Promise.all(paths.map((path) => withServiceConfig(path, env)));
  return found.flat().map((file) => {
    if (file.origin !== "own") trustFile(own, file);
    return fileItem(file.path, file.origin === "own" ? "own" : "trusted");
  });
}

/** A profile and the service configuration that it names, or a service configuration. */
async function withServiceConfig(path: string, env: ProcessContext["env"]): Promise<ConfigFile[]> {
  const file = readable(path, env);
  if (/^type:\s*["']?google\.api\.Service\b/m.test(file.text)) return [file];
  const { serviceConfig } = await flagsOf(file);
  return serviceConfig === undefined ? [file] : [file, readable(serviceConfig, env)];
}

function readable(path: string, env: ProcessContext["env"]): ConfigFile {
  try {
    return readConfigFile(path, env);
  } catch (cause) {
    if (cause instanceof UsageError) throw cause;
    throw new UsageError(
      `${path} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`,
      {
        cause,
      },
    );
  }
}

function isUnchanged(path: string, hash: string, env: ProcessContext["env"]): boolean {
  try {
    return hashOf(readConfigFile(path, env)) === hash;
  } catch {
    return false; // The file no longer exists.
  }
}

function fileItem(file: string, state: string): Item {
  return { json: { file, state }, lines: [row(state, file, "")] };
}
