// SPDX-License-Identifier: Apache-2.0
import { SpanKind, SpanStatusCode } from "@opentelemetry/api";
import { metrics, NodeSDK, tracing } from "@opentelemetry/sdk-node";

/** A span, as tests compare it. */
export interface SeenSpan {
  readonly name: string;
  readonly traceId: string;
  readonly id: string;
  readonly parent: string | undefined;
  readonly kind: string;
  readonly failed: boolean;
  readonly statusMessage: string | undefined;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly events: readonly {
    readonly name: string;
    readonly attributes: Readonly<Record<string, unknown>>;
  }[];
  /** Ids of the spans that it is linked to. */
  readonly links: readonly string[];
}

/** OpenTelemetry's own SDK for Node, with what it exports kept in memory. One for a test file: its parts are global. */
export function startSdk() {
  const spans = new tracing.InMemorySpanExporter();
  const exporter = new metrics.InMemoryMetricExporter(metrics.AggregationTemporality.CUMULATIVE);
  const reader = new metrics.PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000 });
  const sdk = new NodeSDK({
    autoDetectResources: false,
    spanProcessors: [new tracing.SimpleSpanProcessor(spans)],
    metricReaders: [reader],
    instrumentations: [],
  });
  sdk.start();
  return {
    /** The spans that ended since the last call, in order. */
    spans(): SeenSpan[] {
      const ended = spans.getFinishedSpans().map(seen);
      spans.reset();
      return ended;
    },
    /** All instruments, with all that was measured so far. */
    async metrics() {
      exporter.reset();
      await reader.forceFlush();
      const scopes = exporter.getMetrics().flatMap(({ scopeMetrics }) => scopeMetrics);
      return scopes.filter(({ scope }) => scope.name === "longrunning").flatMap((scope) => scope.metrics);
    },
    stop: () => sdk.shutdown(),
  };
}

function seen(span: tracing.ReadableSpan): SeenSpan {
  const { traceId, spanId } = span.spanContext();
  return {
    name: span.name,
    traceId,
    id: spanId,
    parent: span.parentSpanContext?.spanId,
    kind: SpanKind[span.kind],
    failed: span.status.code === SpanStatusCode.ERROR,
    statusMessage: span.status.message,
    attributes: span.attributes,
    events: span.events.map(({ name, attributes = {} }) => ({ name, attributes })),
    links: span.links.map(({ context }) => context.spanId),
  };
}
