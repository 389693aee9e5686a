// SPDX-License-Identifier: Apache-2.0
import {
  Code,
  ConnectError,
  createClient,
  createRouterTransport,
  type Interceptor,
} from "@connectrpc/connect";
import { ReportService } from "../../gen/google/ads/admanager/v1/report_service_pb.js";
import { Operations } from "../../gen/google/longrunning/operations_pb.js";
import { createOperationsClient, type RetryOptions, retryInterceptor } from "../../src/index.js";
import { createFakeClock } from "../../src/testing.js";

function setUp(failures: number, options: RetryOptions = {}, interceptors: Interceptor[] = []) {
  const clock = createFakeClock();
  const startMs = clock.now();
  const calls: string[] = [];
  const answer = (method: string) => {
    calls.push(`${method}@${Math.round(clock.now() - startMs)}`);
    if (calls.length <= failures) throw new ConnectError("busy", Code.Unavailable);
    return {};
  };
  const transport = createRouterTransport(
    ({ service }) => {
      service(Operations, { cancelOperation: () => answer("cancel"), listOperations: () => answer("list") });
      service(ReportService, { runReport: () => answer("run") });
    },
    { transport: { interceptors: [retryInterceptor(options, { clock, random: () => 0 }), ...interceptors] } },
  );
  return {
    clock,
    calls,
    transport,
    operations: createClient(Operations, transport),
    reports: createClient(ReportService, transport),
  };
}

test("sends calls of any Connect client again", async () => {
  const { clock, calls, operations } = setUp(2);
  const cancel = operations.cancelOperation({ name: "operations/1" });
  await clock.whenSleeping();
  await clock.advance(500);
  await clock.whenSleeping();
  await clock.advance(1000);
  await cancel;
  expect(calls).toEqual(["cancel@0", "cancel@500", "cancel@1500"]);
});

test("runs the interceptors after it for each attempt", async () => {
  let runs = 0;
  const counting: Interceptor = (next) => (request) => {
    runs += 1;
    return next(request);
  };
  const { clock, operations } = setUp(1, {}, [counting]);
  const cancel = operations.cancelOperation({ name: "operations/1" });
  await clock.whenSleeping();
  await clock.advance(500);
  await cancel;
  expect(runs).toBe(2);
});

test("sends a method that may not be repeated once", async () => {
  const { calls, reports } = setUp(1);
  await expect(reports.runReport({ name: "networks/1/reports/2" })).rejects.toMatchObject({
    code: Code.Unavailable,
  });
  expect(calls).toEqual(["run@0"]);
});

test("ends with the call's own deadline, which holds for all attempts", async () => {
  const { calls, operations } = setUp(Number.POSITIVE_INFINITY);
  await expect(operations.cancelOperation({ name: "operations/1" }, { timeoutMs: 20 })).rejects.toMatchObject(
    {
      code: Code.Unavailable,
      attempts: 1,
    },
  );
  expect(calls).toEqual(["cancel@0"]);
});

test("gives each attempt what is left, and counts those below a client", async () => {
  const timeouts: (string | null)[] = [];
  const noting: Interceptor = (next) => (request) => {
    timeouts.push(request.header.get("connect-timeout-ms"));
    return next(request);
  };
  const { clock, transport } = setUp(Number.POSITIVE_INFINITY, {}, [noting]);
  const client = createOperationsClient({ transport, retry: false, clock });
  const cancel = expect(client.cancelOperation("operations/1", { timeoutMs: 1700 })).rejects.toMatchObject({
    code: Code.Unavailable,
    attempts: 3,
  });
  await clock.whenSleeping();
  await clock.advance(500);
  await clock.whenSleeping();
  await clock.advance(1000);
  await cancel;
  expect(timeouts).toEqual(["1700", "1200", "200"]);
});

test("ends with the caller's abort", async () => {
  const { clock, calls, operations } = setUp(Number.POSITIVE_INFINITY);
  const controller = new AbortController();
  const cancel = operations.cancelOperation({ name: "operations/1" }, { signal: controller.signal });
  await clock.whenSleeping();
  controller.abort();
  await expect(cancel).rejects.toMatchObject({ code: Code.Canceled });
  expect(clock.pending).toEqual([]);
  expect(calls).toEqual(["cancel@0"]);
});

test.each<[RetryOptions, string]>([
  [
    { attempts: 3 } as RetryOptions,
    'retryInterceptor: unknown option "attempts" (expected maxAttempts, initialMs',
  ],
  [
    { maxAttempts: 0 },
    "retryInterceptor.maxAttempts: invalid value (got 0; expected a whole number from 1 to 1000)",
  ],
  [{ maxAttempts: 1.5 }, "retryInterceptor.maxAttempts: invalid value (got 1.5"],
  [{ initialMs: 0 }, "retryInterceptor.initialMs: invalid value (got 0"],
  [{ initialMs: Number.NaN }, "retryInterceptor.initialMs: invalid value (got NaN"],
  [
    { multiplier: 0.5 },
    "retryInterceptor.multiplier: invalid value (got 0.5; expected a number from 1 to 1000)",
  ],
  [{ jitter: 1.1 }, "retryInterceptor.jitter: invalid value (got 1.1; expected a number from 0 to 1)"],
  [
    { initialMs: 2000, maxMs: 1000 },
    "retryInterceptor.maxMs (1000) is less than retryInterceptor.initialMs (2000)",
  ],
])("refuses %j when it is made", (options, message) => {
  expect(() => retryInterceptor(options)).toThrow(message);
});
