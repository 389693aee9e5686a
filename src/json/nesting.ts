// SPDX-License-Identifier: Apache-2.0

import type { DescMessage, Registry } from "@bufbuild/protobuf";

/**
 * Messages within messages, those inside an Any counted: the limit of protobuf-es and of Google's own
 * parsers.
 */
const MAX_DEPTH = 100;

/** Nesting beyond a limit. Not a matter of unknown types: it is never answered by keeping the JSON. */
export class NestingError extends Error {
  constructor(what: string, limit: number) {
    super(`${what} is nested deeper than ${limit} levels`);
    this.name = "NestingError";
  }
}

/** What a conversion takes along: the types it knows, and how many messages it is inside of. */
export interface Context {
  readonly registry: Registry;
  readonly depth: number;
}

/** The context one level further down. */
export function below(context: Context, desc: DescMessage): Context {
  if (context.depth >= MAX_DEPTH) {
    throw new NestingError(desc.typeName, MAX_DEPTH);
  }
  return { registry: context.registry, depth: context.depth + 1 };
}
