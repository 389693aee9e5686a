// SPDX-License-Identifier: Apache-2.0
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import type { Emulator, TlsOptions } from "../../emulator.js";
import { UsageError } from "../usage-error.js";
import { readFile, reading } from "./files.js";

/** Flags of TLS: files. */
export interface TlsFlags {
  readonly tlsCert?: string;
  readonly tlsKey?: string;
  readonly tlsClientCa?: string;
  /** Where the authority to trust is written. */
  readonly tlsSelfSigned?: string;
}

/** TLS as the flags have it. @throws UsageError */
export function tlsOf(flags: TlsFlags, cwd: string): TlsOptions | undefined {
  const { tlsCert, tlsKey, tlsClientCa, tlsSelfSigned } = flags;
  const clientCa =
    tlsClientCa === undefined
      ? undefined
      : Buffer.from(readFile(resolve(cwd, tlsClientCa), "--tls-client-ca"));
  if (tlsSelfSigned !== undefined) {
    if ((tlsCert ?? tlsKey) === undefined) return { selfSigned: true, clientCa };
    throw new UsageError(
      "--tls-self-signed makes a certificate: expected no --tls-cert and no --tls-key beside it",
    );
  }
  if (tlsCert !== undefined && tlsKey !== undefined) {
    return {
      cert: Buffer.from(readFile(resolve(cwd, tlsCert), "--tls-cert")),
      key: Buffer.from(readFile(resolve(cwd, tlsKey), "--tls-key")),
      clientCa,
    };
  }
  if ((tlsCert ?? tlsKey ?? clientCa) === undefined) return undefined;
  throw new UsageError("TLS takes --tls-cert and --tls-key, or --tls-self-signed");
}

/** Writes the authority for clients to trust. If that fails, nobody can call the emulator, so it ends. */
export async function writeAuthority(
  { ca, close }: Emulator,
  file: string | undefined,
  cwd: string,
): Promise<void> {
  if (ca === undefined || file === undefined) return;
  try {
    const path = resolve(cwd, file);
    requireReplaceable(path);
    reading(file, "--tls-self-signed", () => writeFileSync(path, ca));
  } catch (error) {
    await close();
    throw error;
  }
}

const CERTIFICATE = "-----BEGIN CERTIFICATE-----";

/** An earlier run's authority is replaced, but never the key that someone took for a file to read. */
function requireReplaceable(path: string): void {
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  if (size === 0) return;
  const text = reading(path, "--tls-self-signed", () => readFileSync(path, "latin1"));
  if (text.startsWith(CERTIFICATE) && !text.includes("PRIVATE KEY")) return;
  throw new UsageError(
    `--tls-self-signed ${path}: it is written, and has something else in it (expected a new file)`,
  );
}
