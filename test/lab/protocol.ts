// SPDX-License-Identifier: Apache-2.0

/** How far a connection or a call has come when something happens. */
export type Stage = "lookup" | "connect" | "accept" | "handshake" | "settings" | "response" | "none";

/** What the server does at that stage; `slow`: it takes its time, and goes on. */
export type Act = "silence" | "slow" | "reset" | "half-close" | "goaway" | "refuse";

/** What the client does when the server has come so far, and stays silent. */
export type Event = "abort" | "deadline" | "close";

/** The transports of the lab. */
export type Subject = "REST" | "gRPC" | "grpc-js";

/** One cell of the table. */
export interface LabCase {
  readonly subject: Subject;
  readonly protocol: "http1" | "http2";
  readonly tls: boolean;
  readonly stage: Stage;
  readonly act: Act;
  readonly event: Event | undefined;
}

/** From the client's process to the server's. */
export type Order =
  /** Its lookups by DNS, at `port` of UDP. */
  | { readonly kind: "resolve" }
  /** Listens where it refused connections before. */
  | { readonly kind: "open"; readonly case: LabCase }
  | { readonly kind: "serve"; readonly case: LabCase }
  | { readonly kind: "stop"; readonly case: LabCase };

/** From the server's process to the client's. */
export type Told =
  | { readonly kind: "listening"; readonly key: string; readonly port: number }
  | { readonly kind: "reached"; readonly key: string };

/** What a case came to. */
export interface LabResult {
  readonly key: string;
  /** `ok`, or the reason of the `CallError`. */
  readonly call: string;
  readonly message: string;
  readonly requestSent: boolean | undefined;
  /** The same of the next call on the same transport. */
  readonly next: string;
}

/** The host of a case whose lookup is the stage: a label of letters, digits and hyphens. */
export function toHost(labCase: LabCase): string {
  return `${toKey(labCase)
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")}.lab.test`;
}

/** The name of a case: `gRPC TLS, handshake: silence, abort`. */
export function toKey({ subject, tls, stage, act, event }: LabCase): string {
  const events = event === undefined ? "" : `, ${event}`;
  return `${subject} ${tls ? "TLS" : "plain"}, ${stage}: ${act}${events}`;
}
