// SPDX-License-Identifier: Apache-2.0
import { type ClientHttp2Stream, connect, type OutgoingHttpHeaders } from "node:http2";
import { Code } from "@connectrpc/connect";
import { CallError } from "../../../errors/call-error.js";
import type { Abort } from "../../abort.js";
import { type ConnectionSettings, type GrpcConnection, keepConnection } from "./connection.js";
import { connectionFault } from "./errors.js";
import type { ResolvedGrpcOptions } from "./options.js";

/** A stream of its own for one call, and the connection it runs on. */
export interface OpenStream {
  readonly stream: ClientHttp2Stream;
  readonly connection: GrpcConnection;
}

/** The connection of a transport: one HTTP/2 session at a time, opened when a call needs it. */
export interface GrpcSession {
  /**
   * Opens a stream: at once on an open connection, else on a new one.
   *
   * @throws the reason of `abort`, once it has come; CallError `Unavailable` when no connection is to be had, and, not
   * sent, `InvalidArgument` for headers that HTTP/2 cannot carry and `FailedPrecondition` after `close()`.
   */
  open(headers: OutgoingHttpHeaders, abort: Abort): OpenStream | Promise<OpenStream>;
  /** Takes no more calls, lets those under way end, and closes the connection. */
  close(): Promise<void>;
}

/** A connection in the making. */
interface Attempt {
  readonly connection: Promise<GrpcConnection>;
  abandon(): void;
}

/**
 * Creates the connection of a transport. Nothing is opened before the first call.
 *
 * Kept here rather than by connect-node's `Http2SessionManager`, whose check of a silent connection never ends when the
 * server closes it cleanly, and which lets go of the "error" events of sessions that are still closing.
 */
export function createGrpcSession(options: ResolvedGrpcOptions): GrpcSession {
  const authority = new URL(options.origin).host;
  let current: GrpcConnection | undefined;
  let attempt: Attempt | undefined;
  let waiting = 0;
  let underWay = 0;
  let closing: Promise<void> | undefined;
  let drained = () => {};

  const onCallEnd = () => {
    underWay -= 1;
    if (underWay === 0) drained();
  };
  const settings: ConnectionSettings = {
    authority,
    keepalive: { ...options.keepalive },
    idleTimeoutMs: options.idleTimeoutMs,
    onCallEnd,
  };

  const startAttempt = () => {
    const made = attemptTo(options, settings);
    const settled = (connection?: GrpcConnection) => {
      // An attempt that was abandoned has no say any more: another one may stand in its place, or be current already.
      if (attempt !== made) return;
      current = connection;
      attempt = undefined;
    };
    // Before those who wait for it hear of its failure: one of them may try again at once.
    made.connection.then(settled, () => settled());
    return made;
  };

  /** Waits for a connection, but not longer than until `abort`. */
  const connected = (abort: Abort) =>
    new Promise<GrpcConnection>((resolve, reject) => {
      attempt ??= startAttempt();
      const awaited = attempt;
      const stopListening = abort.listen(() => {
        waiting -= 1;
        // Nobody is left to wait: the attempt would keep the process alive, for minutes at worst.
        if (waiting === 0) {
          awaited.abandon();
          attempt = undefined;
        }
        reject(abort.reason);
      });
      const onSettled = () => {
        if (!abort.aborted) waiting -= 1;
        stopListening();
      };
      waiting += 1;
      awaited.connection.finally(onSettled).then(resolve, reject);
    });

  const request = (connection: GrpcConnection, headers: OutgoingHttpHeaders): OpenStream => {
    try {
      return { stream: connection.request(headers), connection };
    } catch (error) {
      if (!connection.isUsable()) throw connectionFault(`the connection to ${authority} broke`, error, false);
      throw refusal(Code.InvalidArgument, "the headers are not such as HTTP/2 can carry", error);
    }
  };

  return {
    open(headers, abort) {
      if (closing !== undefined) {
        throw refusal(Code.FailedPrecondition, "the transport is closed; create another one");
      }
      if (abort.aborted) throw abort.reason;
      underWay += 1;
      try {
        if (current?.isUsable() === true) return request(current, headers);
      } catch (error) {
        onCallEnd();
        throw error;
      }
      return connected(abort)
        .then((connection) => request(connection, headers))
        .catch((error: unknown) => {
          onCallEnd();
          throw error;
        });
    },
    close() {
      closing ??= (async () => {
        if (underWay > 0) {
          await new Promise<void>((resolve) => {
            drained = resolve;
          });
        }
        await current?.close();
      })();
      return closing;
    },
  };
}

/** Begins to connect. The failure of it is `Unavailable`, and names host and port. */
function attemptTo(options: ResolvedGrpcOptions, settings: ConnectionSettings): Attempt {
  const session = connect(options.origin, options.http2);
  // For as long as the session lives: an "error" that nobody listens to would end the process.
  let failure: unknown;
  session.on("error", (error) => {
    failure = error;
  });
  return {
    connection: new Promise((resolve, reject) => {
      session.once("connect", (_session, socket) => {
        // A TLS alert (a client certificate is missing, say) leaves the socket open, and Node's session waits for it.
        socket.on("error", () => socket.destroy());
        // Node emits "connect" for a session that was destroyed while it connected, too; "close" follows and rejects.
        if (session.destroyed) return;
        resolve(keepConnection(session, settings));
      });
      session.once("close", () =>
        reject(connectionFault(`cannot connect to ${settings.authority}`, failure, false)),
      );
    }),
    abandon: () => session.destroy(),
  };
}

function refusal(code: Code, message: string, cause?: unknown): CallError {
  return new CallError({ code, message, cause, requestSent: false });
}
