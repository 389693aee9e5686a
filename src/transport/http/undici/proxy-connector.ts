// SPDX-License-Identifier: Apache-2.0
import type { buildConnector } from "undici";
import { proxyFor } from "../proxy-environment.js";
import type { TunnelOptions } from "./proxy-tunnel.js";

/** A connector that goes through the proxy that the environment has for a server at that time, or else straight. */
export function throughProxy(
  connect: buildConnector.connector,
  options: Omit<TunnelOptions, "proxy">,
): buildConnector.connector {
  return (target, callback) => {
    try {
      const proxy = proxyFor(`${target.protocol}//${target.host}`);
      if (proxy === undefined) return connect(target, callback);
      import("./proxy-tunnel.js")
        .then(({ tunnelThrough }) => tunnelThrough({ proxy, ...options }, connect)(target, callback))
        .catch((error) => callback(toError(error), null));
    } catch (error) {
      // Not within this turn: undici does not expect that.
      queueMicrotask(() => callback(toError(error), null));
    }
  };
}

function toError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
