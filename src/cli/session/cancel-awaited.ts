// SPDX-License-Identifier: Apache-2.0
import type { JsonObject } from "@bufbuild/protobuf";
import { WaitTimeoutError } from "../../index.js";
import { errorReportOf } from "../output/error-report.js";
import type { Messages } from "../output/messages.js";
import type { Target } from "../target/target.js";
import { inParallel } from "./in-parallel.js";

/** What is cancelled, and how. */
interface Awaiting extends Pick<Target, "client" | "place">, Pick<Messages, "note"> {
  readonly awaited: Set<string>;
}

/** How long an interrupted command waits for the end of what it cancels, in milliseconds. */
const MAX_WAIT_MS = 10_000;
const CONCURRENCY = 16;

/** What became of a cancel after Ctrl-C. */
export interface InterruptCancel {
  readonly json: JsonObject;
  /** The same for people. */
  readonly line: string;
}

/**
 * Requests the cancel of everything that the command waits for, and waits a little for its end. What has ended is no longer
 * awaited. A second Ctrl-C ends the process.
 */
export async function cancelAwaited(session: Awaiting): Promise<InterruptCancel[]> {
  const { awaited, note } = session;
  const names = [...awaited];
  if (names.length > 0)
    note(`requesting the cancel of ${names.length === 1 ? names[0] : `${names.length} operations`}`);
  const results: InterruptCancel[] = [];
  await inParallel(iterate(names), CONCURRENCY, async (name) => {
    const result = await cancelOne(session, name);
    if (result.isOver) awaited.delete(name);
    results.push(result);
  });
  return results;
}

async function cancelOne(
  { client, place }: Awaiting,
  name: string,
): Promise<InterruptCancel & { readonly isOver: boolean }> {
  try {
    const { state } = await client.operation(name).cancelAndWait({ timeoutMs: MAX_WAIT_MS });
    const line =
      state === "cancelled" ? `${name}: cancelled` : `${name}: ${state} in spite of the cancel request`;
    return { json: { name, state }, line, isOver: true };
  } catch (error) {
    if (error instanceof WaitTimeoutError) {
      const line = `${name}: the cancel request was accepted, and it had not ended after ${MAX_WAIT_MS / 1_000} s`;
      return { json: { name, state: "requested" }, line, isOver: false };
    }
    const { json, message } = errorReportOf(error, place);
    return {
      json: { name, state: "error", error: json },
      line: `${name}: not cancelled: ${message}`,
      isOver: false,
    };
  }
}

async function* iterate(names: readonly string[]): AsyncGenerator<string, void> {
  yield* names;
}
