// SPDX-License-Identifier: Apache-2.0
import { isCallError } from "../index.js";
import { UsageError } from "./usage-error.js";

/** An API without paths, and what a program does about it, which is no advice for the command line. */
const UNPUBLISHED = /^(.* are not published \(([\w.-]+)\)); use createOperationsClient/;

/** Converts an error of the catalogue, caused by a mistyped flag or name, to a usage error. */
export function catalogueError(cause: unknown, options: { readonly next?: string } = {}): unknown {
  if (!isCallError(cause)) return cause;
  const text = cause.rawMessage.replace(/^(api|region): /, "--$1: ").replace(/^version: /, "--api: version ");
  const [, problem, host] = UNPUBLISHED.exec(text) ?? [];
  if (problem !== undefined) {
    const next = `--api generic --endpoint https://${host}, with --service-config FILE, --http-prefix PATH or --transport grpc`;
    return new UsageError(problem, { next, cause });
  }
  if (text.startsWith("--api: has operations of another kind")) return new UsageError(text, { cause });
  return new UsageError(text, { ...options, cause });
}
