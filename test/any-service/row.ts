// SPDX-License-Identifier: Apache-2.0
import {
  create,
  type DescMessage,
  type DescMethodUnary,
  type JsonValue,
  type Message,
  type MessageInitShape,
} from "@bufbuild/protobuf";

/** A request, and what it is over REST. */
export interface Row {
  readonly what: string;
  readonly method: DescMethodUnary;
  readonly request: Message;
  /** The request line, without the version. */
  readonly line: string;
  /** The body when it is JSON; absent when there is none, or bytes. */
  readonly body?: JsonValue;
}

/** A value that no enum here has a name for. */
export const UNNAMED: number = 99;

/** A row whose request is typed by its method. */
export function row<I extends DescMessage>(
  method: DescMethodUnary & { readonly input: I },
  what: string,
  { request, ...wire }: { request: MessageInitShape<I>; line: string; body?: JsonValue },
): Row {
  return { what: `${method.name}: ${what}`, method, request: create(method.input, request), ...wire };
}

/** A target with a query. */
export function withQuery(target: string, ...pairs: readonly string[]): string {
  return pairs.length === 0 ? target : `${target}?${pairs.join("&")}`;
}
