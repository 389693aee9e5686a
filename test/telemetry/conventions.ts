// SPDX-License-Identifier: Apache-2.0

// What the tables of OpenTelemetry's semantic conventions, version 1.45, say of RPC clients: docs/rpc/rpc-spans.md,
// docs/rpc/rpc-metrics.md and docs/rpc/grpc.md there. Facts alone: names, types, units, requirement levels, buckets.

export type Requirement =
  | "required"
  | "if available"
  | "if failed"
  | "if other than rpc.method"
  | "recommended";

export interface AttributeFact {
  readonly type: "string" | "int";
  readonly requirement: Requirement;
  readonly stability: "stable" | "deprecated";
}

/** Span `rpc.call.client`: kind CLIENT, named `{rpc.method}`, status unset without an error. */
export const CLIENT_SPAN: Readonly<Record<string, AttributeFact>> = {
  "rpc.system.name": { type: "string", requirement: "required", stability: "stable" },
  "error.type": { type: "string", requirement: "if failed", stability: "stable" },
  "rpc.method": { type: "string", requirement: "if available", stability: "stable" },
  "rpc.method_original": { type: "string", requirement: "if other than rpc.method", stability: "stable" },
  "rpc.status_code": { type: "string", requirement: "if available", stability: "stable" },
  "server.address": { type: "string", requirement: "if available", stability: "stable" },
  "server.port": { type: "int", requirement: "if available", stability: "stable" },
  "network.peer.address": { type: "string", requirement: "recommended", stability: "stable" },
  "network.peer.port": { type: "int", requirement: "recommended", stability: "stable" },
  // "Replaced by rpc.status_code."
  "rpc.response.status_code": { type: "string", requirement: "if available", stability: "deprecated" },
};

/** Metric `rpc.client.call.duration`. */
export const CLIENT_CALL_DURATION = {
  name: "rpc.client.call.duration",
  instrument: "histogram",
  unit: "s",
  buckets: [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10],
  attributes: [
    "rpc.system.name",
    "error.type",
    "rpc.method",
    "rpc.status_code",
    "server.address",
    "server.port",
    "rpc.response.status_code",
  ],
} as const;

/** Values of `rpc.system.name`. "Otherwise, a custom value MAY be used." */
export const RPC_SYSTEMS: readonly string[] = ["connectrpc", "dubbo", "grpc", "jsonrpc"];
