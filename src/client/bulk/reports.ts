// SPDX-License-Identifier: Apache-2.0
import { concurrently } from "../concurrently.js";
import type { NameSource } from "./name-source.js";

/** The report of a name for which nothing was sent before the caller aborted. */
export interface SkippedReport {
  readonly name: string;
  readonly state: "skipped";
}

/** How many names at one time, and how one report is made. */
export interface BulkTask<T> {
  readonly concurrency: number;
  /** Stops it all. The names that are left are reported as skipped, where they are known. */
  readonly signal: AbortSignal | undefined;
  /** Makes the report of one name, errors included, and ends soon once its signal aborts. */
  task(name: string, signal: AbortSignal): Promise<T>;
}

/** One report for each name, as it is known. A name that fails is reported, and stops no other. */
export async function* reportsOf<T>(
  source: NameSource,
  { concurrency, signal, task }: BulkTask<T>,
): AsyncGenerator<T | SkippedReport, void> {
  const { names, isComplete } = source;
  try {
    yield* concurrently(names, { concurrency, signal, task });
    if (signal?.aborted !== true || !isComplete) return;
    for (let left = await names.next(); left.done !== true; left = await names.next()) {
      yield { name: left.value, state: "skipped" };
    }
  } finally {
    close(names);
  }
}

/** A name in an error: a program without types may have given anything. */
export function nameInError(name: unknown): string | undefined {
  return typeof name === "string" ? name : undefined;
}

/** Closes a source of which no more is read. What it throws then is of no interest: the reports are out. */
function close(names: NameSource["names"]): void {
  Promise.resolve()
    .then(() => names.return?.())
    .catch(() => undefined);
}
