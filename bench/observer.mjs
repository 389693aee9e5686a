// What observing a call costs: nobody listening, a diagnostics channel, the observer, OpenTelemetry without an SDK and with one.
// `node bench/observer.mjs`, after `npm run build`. In-process transport, so that nothing but the client's own work is timed.
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { create } from "@bufbuild/protobuf";
import { tracing } from "@opentelemetry/sdk-node";
import { createOperationsClient } from "longrunning";
import { openTelemetry } from "longrunning/telemetry";

const CALLS = 20_000;
const ROUNDS = 15;

/** A transport that responds at once, through interceptors, as any transport does. */
function transportWith(interceptors) {
  const next = async ({ method }) => ({
    stream: false,
    service: method.parent,
    method,
    header: new Headers(),
    trailer: new Headers(),
    message: create(method.output),
  });
  const send = interceptors.reduceRight((inner, interceptor) => interceptor(inner), next);
  const url = "https://example.com/google.longrunning.Operations/CancelOperation";
  return {
    unary: (
      method,
      signal,
      _timeoutMs,
      header,
      message,
      contextValues = { get: ({ defaultValue }) => defaultValue },
    ) =>
      send({
        stream: false,
        service: method.parent,
        method,
        url,
        header: new Headers(header),
        message,
        contextValues,
        signal,
      }),
    stream: () => Promise.reject(new Error("no streams")),
  };
}

const exporter = new tracing.InMemorySpanExporter();
const provider = new tracing.BasicTracerProvider({
  spanProcessors: [new tracing.SimpleSpanProcessor(exporter)],
});
const noop = openTelemetry();
const sampled = openTelemetry({ tracerProvider: provider });
const heard = () => undefined;
const channels = ["longrunning:call", "longrunning:attempt"];
const none = { start: heard, end: heard };

const CASES = [
  ["nobody listening", { interceptors: [] }, none],
  [
    "diagnostics channels, two subscribers",
    { interceptors: [] },
    {
      start: () => channels.forEach((name) => void subscribe(name, heard)),
      end: () => channels.forEach((name) => void unsubscribe(name, heard)),
    },
  ],
  [
    "observer of calls and attempts",
    { interceptors: [], observer: { onCall: heard, onAttempt: heard } },
    none,
  ],
  [
    "OpenTelemetry, no SDK (no-op tracer)",
    { interceptors: [noop.interceptor], observer: noop.observer },
    none,
  ],
  [
    "OpenTelemetry, every span sampled and kept",
    { interceptors: [sampled.interceptor], observer: sampled.observer },
    { start: heard, end: () => exporter.reset() },
  ],
];

const subjects = CASES.map(([name, { interceptors, observer }, hooks]) => {
  const client = createOperationsClient({ transport: transportWith(interceptors), observer });
  return { name, client, hooks, times: [] };
});
for (let round = 0; round <= ROUNDS; round++) {
  for (const { client, hooks, times } of subjects) {
    hooks.start();
    const { user } = process.cpuUsage();
    for (let call = 0; call < CALLS; call++) await client.cancelOperation("operations/1");
    const usedUs = (process.cpuUsage().user - user) / CALLS;
    hooks.end();
    if (round > 0) times.push(usedUs); // the first one warms up
  }
}
const median = (values) => values.sort((a, b) => a - b)[values.length >> 1];
const base = median(subjects[0].times);
console.log("| who listens | CPU a call, us | more than nobody |\n|---|---|---|");
for (const { name, times } of subjects) {
  const value = median(times);
  console.log(`| ${name} | ${value.toFixed(1)} | ${(value - base).toFixed(1)} |`);
}
