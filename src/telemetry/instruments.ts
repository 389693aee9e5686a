// SPDX-License-Identifier: Apache-2.0
import type { Counter, Histogram, Meter } from "@opentelemetry/api";
import { CALL_BUCKETS, WAIT_BUCKETS } from "./conventions.js";

/** What is measured. */
export interface Instruments {
  readonly callDuration: Histogram;
  readonly waitDuration: Histogram;
  readonly polls: Counter;
  readonly retries: Counter;
  readonly transientErrors: Counter;
}

/** Creates the instruments: the conventions' own for calls, and four of this library's. */
export function createInstruments(meter: Meter): Instruments {
  return {
    callDuration: meter.createHistogram("rpc.client.call.duration", {
      unit: "s",
      description: "Measures the duration of an outgoing Remote Procedure Call (RPC).",
      advice: { explicitBucketBoundaries: [...CALL_BUCKETS] },
    }),
    waitDuration: meter.createHistogram("longrunning.client.wait.duration", {
      unit: "s",
      description: "Duration of waits for operations, by how they ended.",
      advice: { explicitBucketBoundaries: [...WAIT_BUCKETS] },
    }),
    polls: meter.createCounter("longrunning.client.polls", {
      unit: "{poll}",
      description: "Polls of operations, by the state that they saw.",
    }),
    retries: meter.createCounter("longrunning.client.retries", {
      unit: "{retry}",
      description: "Attempts that failed and were followed by another one.",
    }),
    transientErrors: meter.createCounter("longrunning.client.transient_errors", {
      unit: "{error}",
      description: "Failed polls that a wait went on after.",
    }),
  };
}
