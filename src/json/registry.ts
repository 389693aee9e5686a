// SPDX-License-Identifier: Apache-2.0

import type { DescFile, DescMessage, DescMethod, Registry } from "@bufbuild/protobuf";
import { createRegistry } from "@bufbuild/protobuf";
import {
  file_google_protobuf_any,
  file_google_protobuf_duration,
  file_google_protobuf_empty,
  file_google_protobuf_field_mask,
  file_google_protobuf_struct,
  file_google_protobuf_timestamp,
  file_google_protobuf_wrappers,
} from "@bufbuild/protobuf/wkt";
import type { ContextKey } from "@connectrpc/connect";
import { file_google_longrunning_operations } from "../../gen/google/longrunning/operations_pb.js";
import { file_google_rpc_error_details } from "../../gen/google/rpc/error_details_pb.js";
import { file_google_rpc_status } from "../../gen/google/rpc/status_pb.js";

/**
 * What may be inside an Any of any API: the well-known types, the error details of google.rpc, Operation and
 * Status.
 */
const standardFiles: readonly DescFile[] = [
  file_google_protobuf_any,
  file_google_protobuf_duration,
  file_google_protobuf_empty,
  file_google_protobuf_field_mask,
  file_google_protobuf_struct,
  file_google_protobuf_timestamp,
  file_google_protobuf_wrappers,
  file_google_rpc_error_details,
  file_google_rpc_status,
  file_google_longrunning_operations,
];

let standard: Registry | undefined;

/**
 * The types that every call knows: well-known types, google/rpc/error_details.proto, Operation and Status.
 */
export function standardRegistry(): Registry {
  standard ??= createRegistry(...standardFiles);
  return standard;
}

/**
 * Context value by which a caller gives a transport more types for one call, such as the response and
 * metadata types of an operation. One key for all copies of this library in a program, ES module or CommonJS.
 */
export const callTypes: ContextKey<Registry | undefined> = {
  id: Symbol.for("longrunning.callTypes"),
  defaultValue: undefined,
};

/** A registry together with the ones made from it and further registries, by the next of these. */
interface Node {
  readonly registry: Registry;
  readonly next: WeakMap<Registry, Node>;
}

const ofFile = new WeakMap<DescFile, Node>();

/**
 * The types that a call of a method knows: {@link standardRegistry}, everything in the method's file and its
 * imports, and the given registries. Of two types with one name, the later wins. Calling it again with the
 * same arguments gives the same object, and costs a lookup; a registry given in `more` should therefore be
 * kept, not made for each call.
 */
export function registryFor(method: DescMethod, ...more: readonly (Registry | undefined)[]): Registry {
  return registryOfFile(method.parent.file, more);
}

/**
 * As {@link registryFor}, for a message: the standard types, and those of the message's file and its imports.
 */
export function registryOf(schema: DescMessage): Registry {
  return registryOfFile(schema.file, []);
}

function registryOfFile(file: DescFile, more: readonly (Registry | undefined)[]): Registry {
  let node = ofFile.get(file);
  if (node === undefined) {
    node = { registry: createRegistry(standardRegistry(), ...withImports(file)), next: new WeakMap() };
    ofFile.set(file, node);
  }
  for (const registry of more) {
    node = registry === undefined ? node : join(node, registry);
  }
  return node.registry;
}

function join(node: Node, registry: Registry): Node {
  let joined = node.next.get(registry);
  if (joined === undefined) {
    joined = { registry: createRegistry(node.registry, registry), next: new WeakMap() };
    node.next.set(registry, joined);
  }
  return joined;
}

/** A registry made from a file has that file's types only: `createRegistry` does not follow imports. */
function withImports(file: DescFile): Set<DescFile> {
  const files = new Set([file]);
  for (const each of files) {
    for (const dependency of each.dependencies) {
      files.add(dependency);
    }
  }
  return files;
}
