// SPDX-License-Identifier: Apache-2.0
import {
  type ContextKey,
  type ContextValues,
  createContextKey,
  createContextValues,
} from "@connectrpc/connect";

/**
 * Set to true by a transport that resolves `localhost` and `*.localhost` itself, and so connects such a host to a
 * loopback address whatever DNS says. Read by whoever is about to add a credential to a call over plain http: without
 * it, only a literal loopback address (127.0.0.0/8, `[::1]`) is known to be this machine.
 */
export const LOOPBACK_RESOLVED: ContextKey<boolean> = createContextKey<boolean>(false, {
  description: "longrunning: names of this machine are connected to a loopback address",
});

/**
 * The context values of a call on such a transport: the caller's, with {@link LOOPBACK_RESOLVED} on top. The caller's own
 * object is left alone, since it may go to another transport next.
 */
export function withLoopbackResolved(values: ContextValues = createContextValues()): ContextValues {
  const own = createContextValues().set(LOOPBACK_RESOLVED, true);
  const ownerOf = (key: ContextKey<unknown>) => (key.id === LOOPBACK_RESOLVED.id ? own : values);
  const merged: ContextValues = {
    get: (key) => ownerOf(key).get(key),
    set: (key, value) => {
      ownerOf(key).set(key, value);
      return merged;
    },
    delete: (key) => {
      ownerOf(key).delete(key);
      return merged;
    },
  };
  return merged;
}
