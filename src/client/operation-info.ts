// SPDX-License-Identifier: Apache-2.0
import { type DescMessage, type DescMethod, getOption, hasOption, type Registry } from "@bufbuild/protobuf";
import { operation_info } from "../../gen/google/longrunning/operations_pb.js";
import type { OperationTypes } from "./operation-types.js";

/**
 * The types that a method's `google.longrunning.operation_info` names, where the registry has them. A short name is
 * looked for in the package of the method's file and in those around it, like every name in a proto file.
 *
 * The type parameters are the caller's: what a registry holds is known at run time only.
 */
export function operationTypesOf<R extends DescMessage, M extends DescMessage>(
  method: DescMethod,
  registry: Registry,
): OperationTypes<R, M> {
  if (!hasOption(method, operation_info)) return {};
  const { responseType, metadataType } = getOption(method, operation_info);
  const { package: scope } = method.parent.file.proto;
  return {
    response: findMessage(responseType, scope, registry) as R | undefined,
    metadata: findMessage(metadataType, scope, registry) as M | undefined,
  };
}

function findMessage(name: string, scope: string, registry: Registry): DescMessage | undefined {
  if (name === "") return undefined;
  const absolute = name.replace(/^\./, "");
  if (absolute !== name) return registry.getMessage(absolute);
  for (let around = scope; around !== ""; around = around.slice(0, Math.max(0, around.lastIndexOf(".")))) {
    const found = registry.getMessage(`${around}.${name}`);
    if (found !== undefined) return found;
  }
  return registry.getMessage(name);
}
