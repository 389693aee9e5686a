// SPDX-License-Identifier: Apache-2.0
import {
  type Attributes,
  type Context,
  context,
  type Link,
  type Span,
  SpanStatusCode,
  trace,
} from "@opentelemetry/api";
import type { ObservedHandle, ObservedWait, PollEvent, StateEvent, WaitEvent } from "../observer/events.js";
import { endAttributes } from "./conventions.js";
import type { TelemetrySettings } from "./options.js";

/** The span of a wait: the latest of them, where a long wait has several. */
interface WaitSpan {
  readonly wait: ObservedWait;
  span: Span;
  context: Context;
  startMs: number;
  part: number;
}

/** The spans of waits. */
export interface Waits {
  onWait(event: WaitEvent): void;
  onPoll(event: PollEvent): void;
  onState(event: StateEvent): void;
  /** Where a poll or a cancel of a handle belongs: below the wait that began last, with links to the others. */
  parentOf(handle: ObservedHandle | undefined): { readonly context: Context; readonly links: Link[] };
}

/** Creates the spans of waits; an event for each poll and each change of the state. */
export function createWaits(settings: TelemetrySettings): Waits {
  const { tracer, instruments, clock, linkAfterMs } = settings;
  const ofHandle = new WeakMap<ObservedHandle, WaitSpan[]>();
  const waitsOf = (handle: ObservedHandle) => ofHandle.get(handle) ?? [];

  const begin = (wait: ObservedWait) => {
    const parent = context.active();
    const span = tracer.startSpan(spanName(wait), { attributes: attributesOf(wait, settings) }, parent);
    const own = { wait, span, context: trace.setSpan(parent, span), startMs: clock.now(), part: 1 };
    ofHandle.set(wait.handle, [...waitsOf(wait.handle), own]);
  };
  const continueLinked = (own: WaitSpan) => {
    const before = own.span;
    before.setAttribute("longrunning.wait.continued", true);
    before.end();
    own.part += 1;
    const attributes = { ...attributesOf(own.wait, settings), "longrunning.wait.part": own.part };
    const links = [{ context: before.spanContext() }];
    own.span = tracer.startSpan(spanName(own.wait), { root: true, links, attributes }, own.context);
    own.context = trace.setSpan(own.context, own.span);
    own.startMs = clock.now();
  };
  const end = ({ wait, outcome, polls, durationMs }: Extract<WaitEvent, { phase: "end" }>) => {
    const kind = { "longrunning.wait.kind": wait.kind, "longrunning.wait.outcome": outcome };
    const isError = outcome === "error" || outcome === "timeout";
    const measured = { ...kind, ...(isError && { "error.type": outcome }) };
    instruments.waitDuration.record(durationMs / 1_000, measured);
    const own = waitsOf(wait.handle).find((one) => one.wait === wait);
    if (own === undefined) return; // It began before anybody listened.
    own.span.setAttributes({ ...measured, "longrunning.wait.polls": polls });
    if (isError) own.span.setStatus({ code: SpanStatusCode.ERROR });
    own.span.end();
    ofHandle.set(
      wait.handle,
      waitsOf(wait.handle).filter((one) => one !== own),
    );
  };
  return {
    onWait: (event) => (event.phase === "start" ? begin(event.wait) : end(event)),
    onPoll: ({ handle, poll, state, error, pauseMs }) => {
      const seen: Attributes = state === undefined ? {} : { "longrunning.operation.state": state };
      const result = error === undefined ? seen : endAttributes(error);
      instruments.polls.add(1, result);
      const pause = pauseMs === undefined ? {} : { "longrunning.poll.pause": pauseMs / 1_000 };
      for (const own of waitsOf(handle)) {
        own.span.addEvent("longrunning.poll", { "longrunning.poll.number": poll, ...result, ...pause });
        if (pauseMs !== undefined && clock.now() - own.startMs >= linkAfterMs) continueLinked(own);
      }
    },
    onState: ({ handle, from, to }) => {
      const before = from === undefined ? {} : { "longrunning.operation.previous_state": from };
      for (const { span } of waitsOf(handle)) {
        span.addEvent("longrunning.state", { ...before, "longrunning.operation.state": to });
      }
    },
    parentOf: (handle) => {
      const waits = handle === undefined ? [] : [...waitsOf(handle)];
      const newest = waits.pop();
      const links = waits.map(({ span }) => ({ context: span.spanContext() }));
      return { context: newest?.context ?? context.active(), links };
    },
  };
}

function spanName({ kind }: ObservedWait): string {
  return `longrunning.${kind}`;
}

function attributesOf({ kind, operationName }: ObservedWait, settings: TelemetrySettings): Attributes {
  return {
    "longrunning.wait.kind": kind,
    ...(settings.operationNames && { "longrunning.operation.name": operationName }),
  };
}
