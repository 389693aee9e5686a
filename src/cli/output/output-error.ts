// SPDX-License-Identifier: Apache-2.0

/** Rows could not be written: the disk is full, or the reader is gone. */
export class OutputError extends Error {
  override readonly name = "OutputError";
}

/** The error of a file or a stream, in words. */
export function outputError(what: string, cause: unknown): OutputError {
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : undefined;
  const problem = (code && PROBLEMS[code]) ?? (cause instanceof Error ? cause.message : String(cause));
  return new OutputError(`${what}: ${problem}`, { cause });
}

const PROBLEMS: Readonly<Record<string, string>> = {
  ENOSPC: "the disk is full (ENOSPC)",
  EDQUOT: "the disk quota is used up (EDQUOT)",
  EFBIG: "the file would be too large (EFBIG)",
  EPIPE: "the reader closed the pipe before the end (EPIPE)",
  EIO: "the disk failed (EIO)",
};
