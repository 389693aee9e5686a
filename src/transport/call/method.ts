// SPDX-License-Identifier: Apache-2.0
import type { DescMethod } from "@bufbuild/protobuf";
import { ScalarType } from "@bufbuild/protobuf";
import { selectorOf } from "../../names/method-name.js";

/** A method by its names. */
export interface NamedMethod {
  readonly desc: DescMethod;
  /** `google.longrunning.Operations.CancelOperation`. */
  readonly selector: string;
  /** The HTTP method that interceptors see. */
  readonly verb: string;
  /** Whether a request has a field `name`, which says what it works on. */
  readonly hasName: boolean;
}

/** The names of a method. A transport works them out once for each method, with all else that its calls share. */
export function namedMethodOf(desc: DescMethod, verb: string): NamedMethod {
  const { name } = desc.input.field;
  const hasName = name?.fieldKind === "scalar" && name.scalar === ScalarType.STRING;
  return { desc, selector: selectorOf(desc), verb, hasName };
}

/** What a request works on, for errors: its `name`, where it has one that is not empty. */
export function operationNameOf({ hasName }: NamedMethod, message: unknown): string | undefined {
  if (!hasName || typeof message !== "object" || message === null || !("name" in message)) return undefined;
  return typeof message.name === "string" && message.name !== "" ? message.name : undefined;
}
