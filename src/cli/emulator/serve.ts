// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { type Emulator, startEmulator } from "../../emulator.js";
import { EXIT } from "../exit-status.js";
import type { Item } from "../output/format.js";
import type { Surroundings } from "../process.js";
import { UsageError } from "../usage-error.js";
import { type EmulatorScript, namedScript, parseScript, SCRIPT_TYPES } from "./script.js";

/** What `longrunning emulator` was told. */
export interface EmulatorFlags {
  readonly port: number;
  readonly host: string;
  readonly state?: string;
  readonly script?: string;
  readonly serviceConfig?: string;
  readonly start: readonly string[];
  /** How long the operations of `start` run, in milliseconds. */
  readonly runTime: number;
}

/** Starts an emulator with what it has to do. @throws UsageError for a file or a flag that it cannot use */
export async function openEmulator(flags: EmulatorFlags, { cwd }: Surroundings): Promise<Emulator> {
  const path = (file: string | undefined) => (file === undefined ? undefined : resolve(cwd, file));
  const script = await readScript(path(flags.script));
  const httpRules = await readRules(path(flags.serviceConfig));
  const { faults, reportRuns } = script;
  const { port, host } = flags;
  const state = path(flags.state);
  const started = flags.start.map((name) => namedScript(name, { durationMs: flags.runTime }));
  let emulator: Emulator | undefined;
  try {
    emulator = await startEmulator({
      port,
      host,
      state,
      httpRules,
      faults,
      reportRuns,
      registry: SCRIPT_TYPES,
    });
    for (const operation of [...script.operations, ...started]) startUnlessThere(emulator, operation);
    return emulator;
  } catch (error) {
    await emulator?.close();
    throw refusal(error, flags);
  }
}

/** Resolves with the exit status when somebody ends it: 130 by Ctrl-C, 0 by SIGTERM. */
export function untilEnded({ onSignal }: Surroundings): Promise<number> {
  return new Promise((resolveStatus) => {
    const ends = [onSignal("SIGINT", () => end(EXIT.interrupted)), onSignal("SIGTERM", () => end(EXIT.ok))];
    const end = (status: number) => {
      for (const release of ends) release();
      resolveStatus(status);
    };
  });
}

/** How to reach it. */
export function addressItem({ baseUrl, port }: Emulator): Item {
  return { json: { baseUrl, port }, text: () => baseUrl };
}

/** A state file may have the operations of the script from an earlier life. */
function startUnlessThere({ operations }: Emulator, script: EmulatorScript["operations"][number]): void {
  const name = `${script.parent ?? "operations"}/${script.id}`;
  if (script.id === undefined || operations.find(name) === undefined) operations.start(script);
}

async function readScript(path: string | undefined): Promise<EmulatorScript> {
  if (path === undefined) return { operations: [] };
  const { parse } = await import("yaml");
  return parseScript(readAs(path, "--script", parse), path);
}

async function readRules(path: string | undefined) {
  if (path === undefined) return undefined;
  const { httpRulesFromServiceConfig } = await import("../../service-config.js");
  return readAs(path, "--service-config", httpRulesFromServiceConfig);
}

function readAs<T>(path: string, flag: string, parse: (text: string) => T): T {
  try {
    return parse(readFileSync(path, "utf8"));
  } catch (cause) {
    const problem = cause instanceof Error ? cause.message : String(cause);
    throw new UsageError(`${flag} ${path}: ${problem}`, { cause });
  }
}

function refusal(error: unknown, { port, host }: EmulatorFlags): unknown {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "EADDRINUSE") {
    return new UsageError(`port ${port} is taken`, {
      next: "give --port another one, or 0 for any that is free",
    });
  }
  if (code === "EACCES" || code === "EADDRNOTAVAIL" || code === "ENOTFOUND") {
    return new UsageError(`cannot listen on ${host}, port ${port} (${code})`);
  }
  return error instanceof TypeError ? new UsageError(error.message, { cause: error }) : error;
}
