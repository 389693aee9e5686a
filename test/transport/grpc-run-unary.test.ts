// SPDX-License-Identifier: Apache-2.0
import { create } from "@bufbuild/protobuf";
import { EmptySchema } from "@bufbuild/protobuf/wkt";
import {
  Code,
  ConnectError,
  createContextKey,
  createContextValues,
  type Interceptor,
  type UnaryResponse,
} from "@connectrpc/connect";
import { runUnaryCall } from "@connectrpc/connect/protocol";
import fc from "fast-check";
import { Operations } from "../../gen/google/longrunning/operations_pb.js";
import { runUnary, type SentUnary } from "../../src/transport/grpc-run-unary.js";

const desc = Operations.method.cancelOperation;
type Input = typeof desc.input;
type Output = typeof desc.output;

/** One call, as a plan that both ways of running it follow. */
interface Plan {
  readonly interceptors: readonly InterceptorPlan[];
  readonly outcome: "answers" | "fails" | "waits for its end";
  readonly ends: "never" | "before" | "by abort" | "by deadline";
}

/** What an interceptor does beside passing the request on. */
type InterceptorPlan =
  | "looks at the signal"
  | "copies the request"
  | "calls twice"
  | "fails before"
  | "fails after";

type Send = (sent: SentUnary<Input>, signal: AbortSignal) => Promise<UnaryResponse<Input, Output>>;
type Run = (call: {
  interceptors: Interceptor[];
  signal: AbortSignal | undefined;
  timeoutMs: number | undefined;
  send: Send;
}) => Promise<unknown>;

const url = "http://127.0.0.1/google.longrunning.Operations/CancelOperation";
const contextKey = createContextKey("none");

const connects: Run = ({ send, signal, timeoutMs, interceptors }) =>
  runUnaryCall<Input, Output>({
    interceptors,
    ...(signal && { signal }),
    ...(timeoutMs !== undefined && { timeoutMs }),
    req: {
      stream: false,
      service: desc.parent,
      method: desc,
      requestMethod: "POST",
      url,
      header: new Headers({ "x-a": "1" }),
      contextValues: createContextValues().set(contextKey, "value"),
      message: { name: "operations/1" },
    },
    next: (request) => send(request, request.signal),
  });

const ours: Run = ({ send, signal, timeoutMs, interceptors }) =>
  runUnary<Input, Output>({
    desc,
    url,
    header: { "x-a": "1" },
    input: { name: "operations/1" },
    contextValues: createContextValues().set(contextKey, "value"),
    interceptors,
    signal,
    timeoutMs,
    next: (request, end) => send(request, asSignal(end)),
  });

test("has the outcome of Connect's own way, and shows interceptors the same", async () => {
  const interceptor = fc.constantFrom<InterceptorPlan>(
    "looks at the signal",
    "copies the request",
    "calls twice",
    "fails before",
    "fails after",
  );
  const plan: fc.Arbitrary<Plan> = fc.record({
    interceptors: fc.array(interceptor, { maxLength: 3 }),
    outcome: fc.constantFrom("answers", "fails", "waits for its end"),
    ends: fc.constantFrom("never", "before", "by abort", "by deadline"),
  });
  await fc.assert(
    fc.asyncProperty(plan, async (made) => {
      fc.pre(made.outcome !== "waits for its end" || made.ends !== "never");
      expect(await traceOf(made, ours)).toEqual(await traceOf(made, connects));
    }),
    { numRuns: 300 },
  );
});

test("makes no signal for a call that nobody looks at", async () => {
  const made: AbortController[] = [];
  const { AbortController: original } = globalThis;
  globalThis.AbortController = class extends original {
    constructor() {
      super();
      made.push(this);
    }
  };
  try {
    await runUnary<Input, Output>({
      desc,
      url,
      header: undefined,
      input: { name: "operations/1" },
      contextValues: undefined,
      interceptors: [(next) => (request) => next(request)],
      signal: undefined,
      timeoutMs: 60_000,
      next: async () => response(),
    });
    expect(made).toHaveLength(0);
    await connects({ interceptors: [], signal: undefined, timeoutMs: 60_000, send: async () => response() });
    expect(made.length).toBeGreaterThan(0);
  } finally {
    globalThis.AbortController = original;
  }
});

/** Follows a plan and writes down what interceptors and the caller got to see. */
async function traceOf(plan: Plan, run: Run): Promise<unknown[]> {
  const trace: unknown[] = [];
  const signals = new Set<AbortSignal>();
  const caller = new AbortController();
  const reason = new ConnectError("superseded", Code.Canceled);
  if (plan.ends === "before") caller.abort(reason);
  const interceptors = plan.interceptors.map((does) => interceptorFor(does, trace, signals));
  const send: Send = async (sent, signal) => {
    trace.push("sent", sent.message, [...new Headers(sent.header)]);
    if (signal.aborted) throw signal.reason;
    if (plan.outcome === "answers") return response();
    if (plan.outcome === "fails") throw new ConnectError("no", Code.NotFound);
    const ended = new Promise<never>((_resolve, reject) => {
      signal.addEventListener("abort", () => reject(new Error("ended")));
    });
    if (plan.ends === "by abort") queueMicrotask(() => caller.abort(reason));
    return ended;
  };
  const signal = plan.ends === "by abort" || plan.ends === "before" ? caller.signal : undefined;
  const timeoutMs = plan.ends === "by deadline" ? 1 : undefined;
  const outcome = await run({ interceptors, signal, timeoutMs, send }).then(
    () => "answered",
    (error: unknown) => {
      const { code, rawMessage } = ConnectError.from(error);
      return { code, rawMessage, isReason: error === reason };
    },
  );
  trace.push(outcome);
  // Whatever happened, the signal is aborted by now: what hangs on it is taken down.
  trace.push([...signals].every((one) => one.aborted));
  return trace;
}

function interceptorFor(does: InterceptorPlan, trace: unknown[], signals: Set<AbortSignal>): Interceptor {
  return (next) => async (request) => {
    const { stream, requestMethod, url: shown, method, service, contextValues } = request;
    trace.push(
      does,
      stream,
      requestMethod,
      shown,
      method.name,
      service.typeName,
      contextValues.get(contextKey),
    );
    if (does === "fails before") throw new ConnectError("refused", Code.PermissionDenied);
    if (does === "looks at the signal") {
      signals.add(request.signal);
      trace.push(request.signal.aborted);
    }
    if (does === "calls twice") await next(request).catch(() => undefined);
    const answer = await next(does === "copies the request" ? { ...request } : request);
    trace.push("answered", answer.message, [...answer.header], [...answer.trailer]);
    if (does === "fails after") throw new ConnectError("too late", Code.Aborted);
    return answer;
  };
}

function response(): UnaryResponse<Input, Output> {
  return {
    stream: false,
    service: desc.parent,
    method: desc,
    message: create(EmptySchema),
    header: new Headers({ "x-head": "1" }),
    trailer: new Headers({ "x-trail": "1" }),
  };
}

/** The end of a call as a signal, so that one script serves both. */
function asSignal(end: { ended: boolean; reason: unknown; on(listener: () => void): void }): AbortSignal {
  const controller = new AbortController();
  if (end.ended) controller.abort(end.reason);
  else end.on(() => controller.abort(end.reason));
  return controller.signal;
}
