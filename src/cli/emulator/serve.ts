// SPDX-License-Identifier: Apache-2.0
import { resolve } from "node:path";
import { type Emulator, startEmulator } from "../../emulator.js";
import { EXIT } from "../exit-status.js";
import type { Item } from "../output/printer.js";
import type { ProcessContext } from "../process.js";
import { UsageError } from "../usage-error.js";
import { readAs, readFile } from "./files.js";
import { rulesOf } from "./rules.js";
import { tlsOf, writeAuthority } from "./tls.js";

/** Flags of `longrunning emulator`. */
export interface EmulatorFlags {
  readonly port: number;
  readonly host: string;
  readonly state?: string;
  readonly script?: string;
  /** APIs of the catalogue whose REST names are served. */
  readonly api: readonly string[];
  readonly serviceConfig?: string;
  readonly httpPrefix?: string;
  readonly descriptorSet: readonly string[];
  readonly allowHost: readonly string[];
  readonly allowOrigin: readonly string[];
  readonly controlToken?: string;
  readonly tlsCert?: string;
  readonly tlsKey?: string;
  readonly tlsClientCa?: string;
  /** The file to write the authority to, for clients to trust. */
  readonly tlsSelfSigned?: string;
  readonly start: readonly string[];
  /** How long the operations of `start` run, in milliseconds. */
  readonly runTime: number;
  /** How many rows the result of a run has. */
  readonly rows?: number;
}

/** Starts an emulator from the flags. @throws UsageError for an invalid file or flag */
export async function openEmulator(flags: EmulatorFlags, { cwd }: ProcessContext): Promise<Emulator> {
  const path = (file: string | undefined) => (file === undefined ? undefined : resolve(cwd, file));
  const scriptPath = path(flags.script);
  const script = await readScript(scriptPath);
  const started = flags.start.map((name) => ({ name, duration: `${flags.runTime}ms` }));
  try {
    const emulator = await startEmulator({
      port: flags.port,
      host: flags.host,
      state: path(flags.state),
      tls: tlsOf(flags, cwd),
      allowHosts: flags.allowHost,
      allowOrigins: flags.allowOrigin,
      controlToken: flags.controlToken,
      httpRules: await rulesOf(flags, cwd),
      reportRows: flags.rows,
      descriptorSets: flags.descriptorSet.map((file) => readFile(resolve(cwd, file), "--descriptor-set")),
      script: { ...script, operations: [...operationsIn(script), ...started] },
    });
    await writeAuthority(emulator, flags.tlsSelfSigned, cwd);
    return emulator;
  } catch (error) {
    throw usageErrorOf(error, flags, scriptPath);
  }
}

/** Resolves with the exit status when a signal ends it: 130 for Ctrl-C, 129 when the terminal is closed, 0 for SIGTERM. */
export function untilEnded({ onSignal }: ProcessContext): Promise<number> {
  return new Promise((resolveStatus) => {
    const ends = [
      onSignal("SIGINT", () => end(EXIT.interrupted)),
      onSignal("SIGBREAK", () => end(EXIT.interrupted)),
      onSignal("SIGHUP", () => end(EXIT.hungUp)),
      onSignal("SIGTERM", () => end(EXIT.ok)),
    ];
    const end = (status: number) => {
      for (const release of ends) release();
      resolveStatus(status);
    };
  });
}

/** Prints how to reach it. */
export function addressItem({ baseUrl, port }: Emulator): Item {
  return { json: { baseUrl, port }, lines: [[baseUrl]] };
}

async function readScript(path: string | undefined): Promise<Record<string, unknown>> {
  if (path === undefined) return {};
  const { parse } = await import("yaml");
  const content: unknown = readAs(path, "--script", parse) ?? {};
  if (typeof content === "object" && content !== null && !Array.isArray(content)) return { ...content };
  throw new UsageError(`--script ${path}: expected a mapping`);
}

/** The script's operations; a value that is not a list is left for the emulator to reject. */
function operationsIn({ operations = [] }: Record<string, unknown>): readonly unknown[] {
  return Array.isArray(operations) ? operations : [operations];
}

function usageErrorOf(
  error: unknown,
  { port, host }: EmulatorFlags,
  scriptPath: string | undefined,
): unknown {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "EADDRINUSE") {
    return new UsageError(`port ${port} is taken`, {
      next: "give --port another one, or 0 for any that is free",
    });
  }
  if (code === "EACCES" || code === "EADDRNOTAVAIL" || code === "ENOTFOUND") {
    return new UsageError(`cannot listen on ${host}, port ${port} (${code})`);
  }
  if (!(error instanceof TypeError)) return error;
  const where = scriptPath === undefined ? "" : `${scriptPath}: `;
  return new UsageError(`${where}${error.message}`, { cause: error });
}
