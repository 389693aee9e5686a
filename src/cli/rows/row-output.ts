// SPDX-License-Identifier: Apache-2.0
import { once } from "node:events";
import { type FileHandle, open, realpath, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { outputError, outputProblem } from "../output/output-error.js";
import { createWriter, type Writer } from "../output/writer.js";
import type { ProcessContext } from "../process.js";
import { UsageError } from "../usage-error.js";

/** Where rows are written to. */
export interface RowOutput {
  readonly writer: Writer;
  /** The name for people; `undefined` for standard output. */
  readonly file: string | undefined;
  /** Waits until what was written has been taken. @throws OutputError */
  flush(isFlowing: boolean): Promise<void>;
  /** Makes the file appear under its name. @throws OutputError */
  complete(): Promise<void>;
  /** Removes what was written to the file, if it is not complete. */
  discard(): Promise<void>;
}

/** Standard output. What goes wrong with it is reported by the session. */
export function standardOutput({ stdout, env }: ProcessContext): RowOutput {
  return {
    writer: createWriter(stdout, "never", env),
    file: undefined,
    flush: async (isFlowing) => {
      if (!isFlowing) await once(stdout, "drain");
    },
    complete: async () => undefined,
    discard: async () => undefined,
  };
}

/**
 * A file. Rows go to a temporary one beside it, which replaces it at the end: there is never half a file under its name. A
 * device or a pipe is written to as it is.
 *
 * @throws UsageError if it cannot be written to
 */
export async function fileOutput(given: string, { cwd, env }: ProcessContext): Promise<RowOutput> {
  const { path, temporary, handle } = await openFile(resolve(cwd, given)).catch((cause: unknown) => {
    throw new UsageError(`--output: cannot write ${given}: ${outputProblem(cause)}`, { cause });
  });
  const pending: string[] = [];
  const sink = {
    write: (text: string) => {
      pending.push(text);
      return true;
    },
  };
  const failing = async <T>(work: Promise<T>): Promise<T> => {
    try {
      return await work;
    } catch (cause) {
      throw outputError(`cannot write ${given}`, cause);
    }
  };
  let isOver = false;
  return {
    writer: createWriter(sink, "never", env),
    file: given,
    flush: () => failing(handle.appendFile(pending.splice(0).join(""))),
    complete: async () => {
      if (temporary !== undefined) await failing(handle.sync());
      await failing(handle.close());
      if (temporary !== undefined) await failing(rename(temporary, path));
      isOver = true;
    },
    discard: async () => {
      if (isOver) return;
      isOver = true;
      await handle.close().catch(() => undefined); // it failed before, or is closed
      if (temporary !== undefined) await rm(temporary, { force: true });
    },
  };
}

/** Where the rows go, and where they are to be in the end. */
interface OpenFile {
  readonly path: string;
  /** `undefined` for what is no regular file. */
  readonly temporary: string | undefined;
  readonly handle: FileHandle;
}

async function openFile(given: string): Promise<OpenFile> {
  const path = await realpath(given).catch(() => given); // a link stays a link; a new file has no path yet
  const existing = await stat(path).catch(() => undefined);
  if (existing?.isDirectory()) throw new Error("it is a folder");
  if (existing !== undefined && !existing.isFile()) {
    return { path, temporary: undefined, handle: await open(path, "w") };
  }
  const temporary = join(dirname(path), `.${basename(path)}.${process.pid}.part`);
  return { path, temporary, handle: await open(temporary, "wx", existing?.mode) };
}
