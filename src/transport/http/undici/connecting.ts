// SPDX-License-Identifier: Apache-2.0
import type { Socket } from "node:net";
import type { buildConnector } from "undici";

/** The connection attempts of a client, which undici has no hold on, and the requests that wait for one. */
export interface Connecting {
  /** One more request waits for a connection. */
  begin(): void;
  /** One of them has its connection, or has given up. */
  end(): void;
  /** A connector that makes its sockets with `connect`, and only while some request waits. */
  watch(connect: buildConnector.connector): buildConnector.connector;
}

/**
 * Keeps connection attempts to those that somebody waits for. An attempt to a silent host does not keep a process
 * running whose request has given up, and an aborted request does not make undici connect once more for it, which it
 * otherwise does.
 */
export function trackConnecting(): Connecting {
  const sockets = new Set<Socket>();
  let waiting = 0;
  return {
    begin: () => {
      waiting += 1;
    },
    end: () => {
      waiting -= 1;
      if (waiting === 0) for (const socket of sockets) socket.destroy(unwanted());
    },
    watch: (connect) => (options, callback) => {
      if (waiting === 0) {
        queueMicrotask(() => callback(unwanted(), null));
        return;
      }
      let socket: Socket | undefined;
      const made: unknown = connect(options, (...outcome) => {
        if (socket !== undefined) sockets.delete(socket);
        callback(...outcome);
      });
      if (isSocket(made)) {
        socket = made;
        sockets.add(made);
      }
    },
  };
}

/** Nobody hears it: undici gives it to the requests of that connection, and those have given up. */
function unwanted(): Error {
  return new Error("no request waits for this connection");
}

/** undici's connector returns its socket, although its type does not say so. */
function isSocket(value: unknown): value is Socket {
  return typeof value === "object" && value !== null && "connecting" in value && "destroy" in value;
}
