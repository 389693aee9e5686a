// SPDX-License-Identifier: Apache-2.0
import { Code, ConnectError, type ContextKey, createContextKey } from "@connectrpc/connect";
import { codeFromHttpStatus } from "../../errors/http-status.js";

/** An HTTP response that comes from a proxy, say, and not from the service. */
export interface FaultPage {
  readonly status: number;
  readonly body: string;
  readonly contentType: string;
}

/** The connection of one call, as far as faults reach it. */
export interface Connection {
  /** Breaks it without another byte. The calls on it get no response. */
  reset(): void;
  /** Whether it was broken: nothing is to be sent any more. */
  readonly isReset: boolean;
  /** Takes no more calls on it. */
  goAway(): void;
  /** Sent to the client in place of its protocol's own response. */
  page: FaultPage | undefined;
}

/** Where a fault finds the connection of the call; none when the call is in-process. */
export const connectionKey: ContextKey<Connection | undefined> = createContextKey<Connection | undefined>(
  undefined,
  { description: "connection of the call" },
);

/** How the gRPC, gRPC-Web and Connect clients read an HTTP status that no gRPC server sent (http-grpc-status-mapping.md). */
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

/** The error that a client makes of a page: by Google's table over REST, by gRPC's own over everything else. */
export function pageError({ status }: FaultPage, protocol: string): ConnectError {
  const code = protocol === "rest" ? codeFromHttpStatus(status) : (GRPC_CODES.get(status) ?? Code.Unknown);
  return new ConnectError(`HTTP ${status} from in front of the service`, code);
}
