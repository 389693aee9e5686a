// SPDX-License-Identifier: Apache-2.0
import { createRegistry, type DescMessage, type Registry } from "@bufbuild/protobuf";
import type { AnySchema } from "@bufbuild/protobuf/wkt";
import { registryOf } from "../json/registry.js";

/** A `google.protobuf.Any`, where no type was asked for. */
export type Untyped = typeof AnySchema;

/** The types of one kind of operation: what its `response` and its `metadata` hold. */
export interface OperationTypes<R extends DescMessage = DescMessage, M extends DescMessage = DescMessage> {
  /** The schema of the response. @default none: it stays a `google.protobuf.Any` */
  readonly response?: R | undefined;
  /** The schema of the metadata. @default none: it stays a `google.protobuf.Any` */
  readonly metadata?: M | undefined;
}

/** Finds the registry that responses about an operation of these types are decoded with. */
export type FindRegistry = (types: OperationTypes) => Registry | undefined;

/**
 * Creates the lookup of one client. Ten thousand operations of one kind share one registry, and those without types
 * have the client's own.
 */
export function createFindRegistry(client: Registry | undefined): FindRegistry {
  const found = new WeakMap<Registry, WeakMap<Registry, Registry>>();
  return ({ response, metadata }) => {
    const [first, second] = [response, metadata].flatMap((schema) => schema ?? []).map(registryOf);
    if (first === undefined) return client;
    const other = second ?? first;
    const known = found.get(first)?.get(other);
    if (known !== undefined) return known;
    const parts = [...new Set([client, first, other])].filter((part) => part !== undefined);
    const registry = parts.length === 1 ? first : createRegistry(...parts);
    if (!found.has(first)) found.set(first, new WeakMap());
    found.get(first)?.set(other, registry);
    return registry;
  };
}
