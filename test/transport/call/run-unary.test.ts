// SPDX-License-Identifier: Apache-2.0
import { setImmediate as nextTurn } from "node:timers/promises";
import { create } from "@bufbuild/protobuf";
import { EmptySchema } from "@bufbuild/protobuf/wkt";
import {
  Code,
  ConnectError,
  type ContextValues,
  createContextKey,
  createContextValues,
  type Interceptor,
  type UnaryResponse,
} from "@connectrpc/connect";
import { runUnaryCall } from "@connectrpc/connect/protocol";
import fc from "fast-check";
import { Operations } from "../../../gen/google/longrunning/operations_pb.js";
import { type Abort, CallAbort } from "../../../src/transport/call/abort.js";
import { type NamedMethod, namedMethodOf } from "../../../src/transport/call/method.js";
import { runUnary } from "../../../src/transport/call/run-unary.js";
import type { Sent } from "../../../src/transport/call/unary-request.js";
import { propertyRuns } from "../../property-runs.js";

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

type Send = (sent: Sent<Input>, signal: AbortSignal) => Promise<UnaryResponse<Input, Output>>;
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

const ours: Run = ({ send, ...call }) =>
  runOurs({
    ...call,
    header: { "x-a": "1" },
    contextValues: createContextValues().set(contextKey, "value"),
    send: (sent, abort) => send(sent, asSignal(abort)),
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
      // A deadline of a millisecond and an outcome at once race each other.
      fc.pre(made.outcome === "waits for its end" || made.ends !== "by deadline");
      expect(await traceOf(made, ours)).toEqual(await traceOf(made, connects));
    }),
    { numRuns: propertyRuns(300) },
  );
});

/** What matters to a test of a call. */
interface OurCall {
  readonly header?: HeadersInit;
  readonly contextValues?: ContextValues;
  readonly interceptors?: Interceptor[];
  readonly signal?: AbortSignal | undefined;
  readonly timeoutMs?: number | undefined;
  readonly send?: (sent: Sent<Input>, abort: Abort) => Promise<UnaryResponse<Input, Output>>;
}

/** A call of ours, which ends as `createTransport` ends it. */
function runOurs({ send = async () => response(), ...call }: OurCall): Promise<UnaryResponse<Input, Output>> {
  const { header, contextValues, interceptors = [], signal, timeoutMs } = call;
  const method = namedMethodOf(desc, "POST");
  const message = { name: "operations/1" };
  const abort = new CallAbort(signal, timeoutMs);
  const running = runUnary<NamedMethod, Input, Output>({
    protocol: {
      methodOf: () => method,
      urlOf: () => url,
      unary: async (request) => {
        // The request is one of `desc`.
        const got = await send(request as Sent<Input> & typeof request, request.abort);
        return { message: got.message, header: () => got.header, trailer: () => got.trailer };
      },
      serverStream: () => Promise.reject(new Error("not a stream")),
      fromError: (error) => error,
    },
    call: { method, message, signal, requestSent: false },
    desc,
    origin: "http://127.0.0.1",
    header,
    message,
    contextValues,
    interceptors,
    abort,
  });
  running.then(
    () => abort.release(),
    (error: unknown) => abort.release(error),
  );
  return running;
}

/** How many objects of a global class `run` makes. */
async function countMade(
  className: "AbortController" | "Headers",
  run: () => Promise<unknown>,
): Promise<number> {
  let made = 0;
  const original = globalThis[className];
  const counting = new Proxy(original, {
    construct: (target, args) => {
      made += 1;
      return Reflect.construct(target, args);
    },
  });
  Object.assign(globalThis, { [className]: counting });
  try {
    await run();
  } finally {
    Object.assign(globalThis, { [className]: original });
  }
  return made;
}

const passOn: Interceptor = (next) => (request) => next(request);
const answered = response();

test("makes no signal for a call that nobody reads", async () => {
  const ourCall = () => runOurs({ interceptors: [passOn], timeoutMs: 60_000 });
  expect(await countMade("AbortController", ourCall)).toBe(0);
  const theirCall = () =>
    connects({ interceptors: [], signal: undefined, timeoutMs: 60_000, send: async () => response() });
  expect(await countMade("AbortController", theirCall)).toBeGreaterThan(0);
});

test("makes no headers for a call that has none and whose interceptors do not use them", async () => {
  const send = async () => answered;
  expect(await countMade("Headers", () => runOurs({ send }))).toBe(0);
  expect(await countMade("Headers", () => runOurs({ send, header: { "x-a": "1" } }))).toBe(1);
  expect(await countMade("Headers", () => runOurs({ send, interceptors: [passOn] }))).toBe(0);
  const sets: Interceptor = (next) => (request) => {
    request.header.set("x-b", "1");
    return next(request);
  };
  expect(await countMade("Headers", () => runOurs({ send, interceptors: [sets, sets] }))).toBe(1);
});

describe("an interceptor that takes no notice", () => {
  const hanging: Interceptor = () => () => new Promise(() => undefined);
  const stubborn: Interceptor = (next) => (request) => next(request).catch(() => answered);

  test.each([
    ["that hangs", hanging],
    ["that answers all the same", stubborn],
  ])("%s does not hold up the caller's abort", async (_how, interceptor) => {
    const controller = new AbortController();
    const reason = new Error("enough");
    let failure: unknown;
    const call = runOurs({
      interceptors: [interceptor],
      signal: controller.signal,
      send: (_sent, abort) =>
        new Promise((_resolve, reject) => {
          abort.listen(() => reject(abort.reason));
        }),
    });
    call.catch((error: unknown) => {
      failure = error;
    });
    controller.abort(reason);
    // As soon as a promise can tell: not after the interceptor has had a turn.
    await Promise.resolve();
    expect(failure).toBe(reason);
  });

  test("does not hold up an abort from before the call", async () => {
    const reason = new Error("enough");
    const call = runOurs({ interceptors: [hanging], signal: AbortSignal.abort(reason) });
    await expect(call).rejects.toBe(reason);
  });

  test("does not hold up the deadline", async () => {
    const call = runOurs({ interceptors: [hanging], timeoutMs: 1 });
    await expect(call).rejects.toMatchObject({ code: Code.DeadlineExceeded });
  });
});

test("rejects a request that an interceptor has made a stream of", async () => {
  const streaming: Interceptor = (next) => (request) => next({ ...request, stream: true } as never);
  await expect(runOurs({ interceptors: [streaming] })).rejects.toMatchObject({ code: Code.Internal });
});

test("lets go of the caller's signal when the call is over", async () => {
  const { signal } = new AbortController();
  const added = jest.spyOn(signal, "addEventListener");
  const removed = jest.spyOn(signal, "removeEventListener");
  const failing: Interceptor = () => () => {
    throw new ConnectError("refused", Code.PermissionDenied);
  };
  await runOurs({ signal });
  await expect(runOurs({ signal, interceptors: [failing] })).rejects.toThrow("refused");
  expect(added).toHaveBeenCalledTimes(2);
  expect(removed.mock.calls.map(([, listener]) => listener)).toEqual(
    added.mock.calls.map(([, listener]) => listener),
  );
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
    if (signal.aborted) throw signal.reason;
    trace.push("sent", sent.message, [...new Headers(sent.header)]);
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
  // The caller hears of an abort before the interceptors have done with it: that is the one difference.
  await nextTurn();
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
function asSignal(abort: Abort): AbortSignal {
  const controller = new AbortController();
  if (abort.aborted) controller.abort(abort.reason);
  else abort.listen(() => controller.abort(abort.reason));
  return controller.signal;
}
