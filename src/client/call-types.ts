// SPDX-License-Identifier: Apache-2.0
import type { Registry } from "@bufbuild/protobuf";
import { type ContextKey, type ContextValues, createContextValues } from "@connectrpc/connect";
import { callTypes } from "../json/registry.js";

/**
 * The context values of a call, with the types that its answer may carry: how a transport that decodes JSON learns
 * what an operation's `Any` fields hold. The caller's own values are read through, and neither changed nor copied; types
 * that the caller has set there stand.
 */
export function withCallTypes(
  values: ContextValues | undefined,
  registry: Registry | undefined,
): ContextValues | undefined {
  if (registry === undefined) return values;
  if (values === undefined) return createContextValues().set(callTypes, registry);
  if (values.get(callTypes) !== undefined) return values;
  return {
    get: <T>(key: ContextKey<T>) => (key.id === callTypes.id ? (registry as T) : values.get(key)),
    set(key, value) {
      values.set(key, value);
      return this;
    },
    delete(key) {
      values.delete(key);
      return this;
    },
  };
}
