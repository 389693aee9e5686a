// SPDX-License-Identifier: Apache-2.0
import { Code } from "@connectrpc/connect";
import type { CallError } from "../../../errors/call-error.js";
import { type GrpcCall, notSent, timeLeftOf } from "../engine.js";
import { type Attempt, connectTo } from "./connecting.js";
import type { GrpcConnection, OpenStream } from "./connection.js";
import type { ResolvedGrpcOptions } from "./options.js";
import { requestHeaders } from "./request.js";

/** The connection of a transport: one HTTP/2 session at a time, opened when a call needs it. */
export interface GrpcSession {
  /** A call begins. @throws CallError `FailedPrecondition`, not sent, after `close()`. */
  begin(): void;
  /** A call that has begun is over. */
  end(): void;
  /**
   * Opens a stream for a call that has begun: at once on a connection that has room, else as soon as there is one.
   *
   * @throws the reason of the call's abort, once it has come; CallError `Unavailable` when no connection can be made, and
   * `InvalidArgument` for headers that HTTP/2 cannot carry, both not sent.
   */
  open(call: GrpcCall): OpenStream | Promise<OpenStream>;
  /** Takes no more calls, lets those under way end, and closes the connection. */
  close(): Promise<void>;
}

/** A call that waits for a stream. */
interface Waiter {
  readonly call: GrpcCall;
  resolve(open: OpenStream): void;
  reject(reason: unknown): void;
}

/**
 * Creates the connection of a transport. Nothing is opened before the first call.
 *
 * The three variables below are the whole state, and nobody else keeps any of it: the connection that new calls go to, the
 * attempt to make one (there is never one beside a usable connection, nor without a call that waits), and the calls that
 * wait for either. `proceed` is called whenever one of them has changed.
 */
export function createGrpcSession(options: ResolvedGrpcOptions): GrpcSession {
  let connection: GrpcConnection | undefined;
  let attempt: Attempt | undefined;
  const waiters = new Set<Waiter>();

  let underWay = 0;
  let closing: Promise<void> | undefined;
  let drained: (() => void) | undefined;

  const proceed = () => {
    for (const waiter of waiters) {
      if (connection?.isUsable() !== true) {
        connection?.setCallsWaiting(false);
        connection = undefined;
        attempt ??= connectTo(options, { onConnection, onError, onChange });
        return;
      }
      if (!connection.hasRoom()) break;
      waiters.delete(waiter);
      try {
        waiter.resolve(openOn(connection, waiter.call));
      } catch (error) {
        waiter.reject(error);
      }
    }
    connection?.setCallsWaiting(waiters.size > 0);
  };
  const onChange = () => {
    if (waiters.size > 0) proceed();
  };
  const onConnection = (made: GrpcConnection) => {
    attempt = undefined;
    connection = made;
    proceed();
  };
  const onError = (error: CallError) => {
    attempt = undefined;
    const failed = [...waiters];
    waiters.clear();
    for (const waiter of failed) waiter.reject(error);
  };

  const wait = (call: GrpcCall) =>
    new Promise<OpenStream>((resolve, reject) => {
      const stopListening = call.abort.listen(() => {
        waiters.delete(waiter);
        if (waiters.size === 0) {
          // Nobody is left to wait: the attempt would keep the process alive, for minutes at worst.
          attempt?.abandon();
          attempt = undefined;
          connection?.setCallsWaiting(false);
        }
        reject(call.abort.reason);
      });
      const waiter: Waiter = {
        call,
        resolve: (open) => {
          stopListening();
          resolve(open);
        },
        reject: (reason) => {
          stopListening();
          reject(reason);
        },
      };
      waiters.add(waiter);
      proceed();
    });

  return {
    begin() {
      if (closing !== undefined) {
        throw notSent(Code.FailedPrecondition, "the transport is closed; create another one");
      }
      underWay += 1;
    },
    end() {
      underWay -= 1;
      if (underWay === 0) drained?.();
    },
    open(call) {
      if (call.abort.aborted) throw call.abort.reason;
      if (waiters.size === 0 && connection?.hasRoom() === true) return openOn(connection, call);
      return wait(call);
    },
    close() {
      closing ??= new Promise<void>((resolve) => {
        drained = resolve;
        if (underWay === 0) resolve();
      }).then(() => connection?.close());
      return closing;
    },
  };
}

function openOn(connection: GrpcConnection, call: GrpcCall): OpenStream {
  try {
    return connection.open(requestHeaders(call, timeLeftOf(call)));
  } catch (error) {
    throw notSent(Code.InvalidArgument, "a header of the call cannot be sent over HTTP/2", error);
  }
}
