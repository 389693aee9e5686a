// SPDX-License-Identifier: Apache-2.0

/** Rows could not be written: the disk is full, or the reader is gone. */
export class OutputError extends Error {
  override readonly name = "OutputError";
}

/** The error of a file or a stream, in words. */
export function outputError(what: string, cause: unknown): OutputError {
  return new OutputError(`${what}: ${outputProblem(cause)}`, { cause });
}

/** Why something cannot be written, in words. */
export function outputProblem(cause: unknown): string {
  const { code = "", message = String(cause) } = Object(cause) as { code?: unknown; message?: unknown }; // of any realm
  return PROBLEMS[String(code)] ?? String(message);
}

/** Whether a reader closed the pipe, as `| head -1` does. */
export function isClosedPipe(error: Error): boolean {
  return "code" in error && error.code === "EPIPE";
}

const PROBLEMS: Readonly<Record<string, string>> = {
  ENOSPC: "the disk is full (ENOSPC)",
  EDQUOT: "the disk quota is used up (EDQUOT)",
  EFBIG: "the file would be too large (EFBIG)",
  ENOENT: "its folder does not exist (ENOENT)",
  ENOTDIR: "its folder is a file (ENOTDIR)",
  EACCES: "permission denied (EACCES)",
  EROFS: "the disk is read-only (EROFS)",
  EPIPE: "the reader closed the pipe before the end (EPIPE)",
  EIO: "the disk failed (EIO)",
};
