// SPDX-License-Identifier: Apache-2.0
import { type ContextKey, createContextKey } from "@connectrpc/connect";

/**
 * Set to true by a transport that resolves `localhost` and `*.localhost` itself, and so connects such a host to a
 * loopback address whatever DNS says. Read by whoever is about to add a credential to a call over plain http: without
 * it, only a literal loopback address (127.0.0.0/8, `[::1]`) is known to be this machine.
 */
export const LOOPBACK_RESOLVED: ContextKey<boolean> = createContextKey<boolean>(false, {
  description: "longrunning: names of this machine are connected to a loopback address",
});
