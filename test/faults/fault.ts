// SPDX-License-Identifier: Apache-2.0
import type { Socket } from "node:net";
import { Code } from "@connectrpc/connect";
import type { CallErrorReason } from "../../src/index.js";
import type { FrameWriter } from "../transport/grpc-frame-peer.js";

/** Told when the server has come as far as the caller waits for before giving up. */
export type Reached = () => void;

/** What a call ends with: an answer, or an error with a reason and whether the request may have been sent. */
export type Ending =
  | { readonly kind: "answer" }
  | {
      readonly kind: "error";
      readonly reason: CallErrorReason;
      /** `undefined` where it depends on which side is faster. */
      readonly requestSent: boolean | undefined;
    }
  /** The fault cannot happen on this transport, and why. */
  | { readonly kind: "n/a"; readonly why: string };

/** When the caller gives up, in a fault that is its own doing. */
export type GivesUp =
  | "by deadline"
  | "before the call"
  | "when the server has come so far"
  | "after the call";

/** One thing that can go wrong. Without `connection` and `place` the server misbehaves towards its first request. */
export interface Fault {
  readonly title: string;
  /** Where the first call goes to, if not to the server. */
  readonly place?: "a closed port" | "an unknown host";
  /** What the first connection meets instead of a server: the same for every protocol, and under TLS. */
  readonly connection?: (socket: Socket, reached: Reached) => void;
  readonly tls?: boolean;
  readonly http1?: (socket: Socket, reached: Reached) => void;
  readonly http2?: (wire: FrameWriter, stream: number, reached: Reached) => void;
  readonly givesUp?: GivesUp;
  /** The first call does not get beyond its interceptor. */
  readonly stuck?: boolean;
  readonly endings: Readonly<Record<SubjectName, Ending>>;
  /** Whose connection attempt outlives the call and the transport, for as long as the server leaves it open. */
  readonly lingers?: SubjectName;
  /** What the next call fails with, where it cannot work yet; everywhere else it works. */
  readonly next?: Readonly<Partial<Record<SubjectName, CallErrorReason>>>;
}

export type SubjectName = "REST" | "gRPC" | "grpc-js";

/** The code that goes with each reason of the table. */
export const CODES: Readonly<Partial<Record<CallErrorReason, Code>>> = {
  "aborted-by-caller": Code.Canceled,
  "cancelled-call": Code.Canceled,
  "data-loss": Code.DataLoss,
  "deadline-exceeded": Code.DeadlineExceeded,
  "failed-precondition": Code.FailedPrecondition,
  internal: Code.Internal,
  "invalid-argument": Code.InvalidArgument,
  "not-found": Code.NotFound,
  "out-of-range": Code.OutOfRange,
  "permission-denied": Code.PermissionDenied,
  "rate-limited": Code.ResourceExhausted,
  "response-too-large": Code.ResourceExhausted,
  unauthenticated: Code.Unauthenticated,
  unavailable: Code.Unavailable,
  unimplemented: Code.Unimplemented,
  unknown: Code.Unknown,
};

/** In a table: the call is answered all the same. */
export const ANSWER: Ending = { kind: "answer" };

/** In a table: the fault cannot happen. */
export function na(why: string): Ending {
  return { kind: "n/a", why };
}

/** In a table: the request cannot have reached the server. */
export function unsent(reason: CallErrorReason): Ending {
  return { kind: "error", reason, requestSent: false };
}

/** In a table: the request may have reached the server or not, which is a race. */
export function maybeSent(reason: CallErrorReason): Ending {
  return { kind: "error", reason, requestSent: undefined };
}

type Cell = Ending | CallErrorReason;

/** The endings over REST, our gRPC and a channel of grpc-js; a reason by itself: after the request may have been sent. */
export function ends(rest: Cell, grpc: Cell, grpcJs: Cell = grpc): Fault["endings"] {
  return { REST: endingOf(rest), gRPC: endingOf(grpc), "grpc-js": endingOf(grpcJs) };
}

function endingOf(cell: Cell): Ending {
  return typeof cell === "string" ? { kind: "error", reason: cell, requestSent: true } : cell;
}
