// SPDX-License-Identifier: Apache-2.0

import type { JsonValue, Message, Registry } from "@bufbuild/protobuf";

/** How messages are read from JSON and written as JSON. */
export interface JsonOptions {
  /** The types that may be inside a google.protobuf.Any, and the extensions of proto2. */
  readonly registry: Registry;
  /** Rejects unknown fields, enum names and types in an Any, as a server does with a request. @default false */
  readonly strict?: boolean | undefined;
  /** Writes enum values as numbers. @default false */
  readonly enumAsInteger?: boolean | undefined;
}

/** Messages within messages, those inside an Any counted: the limit of protobuf-es and of Google's own parsers. */
const MAX_DEPTH = 100;

/** JSON or messages nested beyond a limit. Not a matter of unknown types: the JSON is never kept instead. */
export class NestingError extends Error {
  override readonly name = "NestingError";

  constructor(what: string, limit: number) {
    super(`${what} is nested deeper than ${limit} levels`);
  }
}

/** What a conversion takes along: its options, and how many messages it is inside of. */
export interface Context {
  readonly options: JsonOptions;
  depth: number;
}

/** One message further down. Who calls it takes the level back, unless it throws. */
export function enter(context: Context, typeName: string): void {
  if (++context.depth > MAX_DEPTH) throw new NestingError(typeName, MAX_DEPTH);
}

/** The JSON of a type that has one of its own, both ways. */
export interface WellKnown<T = Message> {
  /** The properties that the JSON stands for. */
  read(json: JsonValue, context: Context): Omit<T, keyof Message> | undefined;
  write(message: T, context: Context): JsonValue | undefined;
}
