// SPDX-License-Identifier: Apache-2.0
import type { DescMethod } from "@bufbuild/protobuf";
import { ScalarType } from "@bufbuild/protobuf";
import { selectorOf } from "../names/method-name.js";

/** What every call of one method has in common. */
export interface NamedMethod {
  readonly desc: DescMethod;
  /** `google.longrunning.Operations.CancelOperation`. */
  readonly selector: string;
  /** gRPC's path: `/google.longrunning.Operations/CancelOperation`. */
  readonly path: string;
  /** What a request works on: its `name`, when the message has such a field and it is not empty. */
  operationNameOf(message: unknown): string | undefined;
}

const known = new WeakMap<DescMethod, NamedMethod>();

/** What every call of `desc` has in common, worked out on its first call. */
export function namedMethodOf(desc: DescMethod): NamedMethod {
  let method = known.get(desc);
  if (method === undefined) {
    const { name } = desc.input.field;
    const named = name?.fieldKind === "scalar" && name.scalar === ScalarType.STRING;
    method = {
      desc,
      selector: selectorOf(desc),
      path: `/${desc.parent.typeName}/${desc.name}`,
      operationNameOf: named ? nameIn : () => undefined,
    };
    known.set(desc, method);
  }
  return method;
}

function nameIn(message: unknown): string | undefined {
  if (typeof message !== "object" || message === null || !("name" in message)) return undefined;
  return typeof message.name === "string" && message.name !== "" ? message.name : undefined;
}
