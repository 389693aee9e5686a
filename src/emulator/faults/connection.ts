// SPDX-License-Identifier: Apache-2.0
import { Code, ConnectError, type ContextKey, createContextKey } from "@connectrpc/connect";
import { codeFromHttpStatus } from "../../errors/http-status.js";

/** An HTTP response that does not come from the service but, for example, from a proxy. */
export interface FaultPage {
  readonly status: number;
  readonly body: string;
  readonly contentType: string;
}

/** The connection of one call, as used by faults. */
export interface Connection {
  /** Resets it without sending another byte. The calls on it get no response. */
  reset(): void;
  /**
   * Whether it was reset; then nothing more may be sent. Not an accessor: V8 gives each object literal with one a hidden
   * class of its own, which keeps the call's objects alive until the next full garbage collection.
   */
  isReset(): boolean;
  /** Accepts no more calls on it. */
  goAway(): void;
  /** Sent to the client instead of a response of its protocol. */
  page: FaultPage | undefined;
}

/** The context key of the call's connection; not set for in-process calls. */
export const connectionKey: ContextKey<Connection | undefined> = createContextKey<Connection | undefined>(
  undefined,
  { description: "connection of the call" },
);

/** How gRPC, gRPC-Web and Connect clients map an HTTP status that is not from a gRPC server (http-grpc-status-mapping.md). */
const GRPC_CODES: ReadonlyMap<number, Code> = new Map([
  [400, Code.Internal],
  [401, Code.Unauthenticated],
  [403, Code.PermissionDenied],
  [404, Code.Unimplemented],
  [429, Code.Unavailable],
  [502, Code.Unavailable],
  [503, Code.Unavailable],
  [504, Code.Unavailable],
]);

/** The error that a client derives from a page: by Google's table over REST, by gRPC's over other protocols. */
export function pageError({ status }: FaultPage, protocol: string): ConnectError {
  const code = protocol === "rest" ? codeFromHttpStatus(status) : (GRPC_CODES.get(status) ?? Code.Unknown);
  return new ConnectError(`HTTP ${status} from in front of the service`, code);
}
