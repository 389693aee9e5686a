// SPDX-License-Identifier: Apache-2.0
import type { Interceptor, Transport } from "@connectrpc/connect";
import { credentials } from "@grpc/grpc-js";
import { createGrpcJsTransport, createGrpcTransport } from "../../src/grpc.js";
import { createRestTransport } from "../../src/index.js";
import { cert } from "../emulator/certificate.js";
import type { SubjectName } from "./fault.js";
import type { Protocol } from "./server.js";

/** Above the answers of the table that are meant to be read, below those that are meant to be too large. */
const MAX_RESPONSE_BYTES = 500_000;

/** HTTP/2 has one connection for all calls: one that is stuck in the middle of a frame is found by its PING alone. */
const PING_MS = 300;

/** A transport that faults are tried on. */
export interface Subject {
  readonly protocol: Protocol;
  connect(origin: string, interceptors: Interceptor[]): Transport & { close(): Promise<void> };
}

export const SUBJECTS: Readonly<Record<SubjectName, Subject>> = {
  REST: {
    protocol: "http1",
    connect: (baseUrl, interceptors) =>
      createRestTransport({ ...optionsFor(baseUrl), interceptors, maxResponseBytes: MAX_RESPONSE_BYTES }),
  },
  gRPC: {
    protocol: "http2",
    connect: (baseUrl, interceptors) =>
      createGrpcTransport({
        ...optionsFor(baseUrl),
        interceptors,
        maxResponseBytes: MAX_RESPONSE_BYTES,
        pingIntervalMs: PING_MS,
        pingTimeoutMs: PING_MS,
      }),
  },
  "grpc-js": {
    protocol: "http2",
    connect: (baseUrl, interceptors) => {
      const { protocol, host } = new URL(baseUrl);
      return createGrpcJsTransport({
        address: host,
        secure: protocol === "https:",
        credentials:
          protocol === "https:" ? credentials.createSsl(Buffer.from(cert)) : credentials.createInsecure(),
        channelOptions: {
          "grpc.initial_reconnect_backoff_ms": 100,
          "grpc.keepalive_time_ms": PING_MS,
          "grpc.keepalive_timeout_ms": PING_MS,
          "grpc.keepalive_permit_without_calls": 1,
        },
        interceptors,
        maxResponseBytes: MAX_RESPONSE_BYTES,
      });
    },
  },
};

function optionsFor(baseUrl: string) {
  return baseUrl.startsWith("https:") ? { baseUrl, tls: { ca: cert } } : { baseUrl };
}
