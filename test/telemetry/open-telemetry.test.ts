// SPDX-License-Identifier: Apache-2.0

import { Code, type Transport } from "@connectrpc/connect";
import { createConnectTransport, createGrpcTransport as createGrpcOfConnect } from "@connectrpc/connect-node";
import { context, trace } from "@opentelemetry/api";
import { ReportService } from "../../gen/google/ads/admanager/v1/report_service_pb.js";
import { type Emulator, startEmulator } from "../../src/emulator.js";
import { createGrpcTransport } from "../../src/grpc.js";
import { createOperationsClient, createRestTransport } from "../../src/index.js";
import { openTelemetry } from "../../src/telemetry.js";
import { createFakeClock } from "../../src/testing.js";
import { createDriver } from "../client/drive.js";
import { closeAfterTest } from "../transport/raw-server.js";
import { CLIENT_CALL_DURATION, CLIENT_SPAN, RPC_SYSTEMS } from "./conventions.js";
import { type SeenSpan, startSdk } from "./sdk.js";

const sdk = startSdk();
afterAll(() => sdk.stop());

const CANCEL = "google.longrunning.Operations/CancelOperation";
const GET = "google.longrunning.Operations/GetOperation";
const { interceptor, observer } = openTelemetry();

const LANES: readonly [string, string, (baseUrl: string) => Transport][] = [
  ["REST", "http", (baseUrl) => createRestTransport({ baseUrl, interceptors: [interceptor] })],
  ["gRPC", "grpc", (baseUrl) => createGrpcTransport({ baseUrl, interceptors: [interceptor] })],
  [
    "gRPC of connect-node",
    "grpc",
    (baseUrl) => createGrpcOfConnect({ baseUrl, interceptors: [interceptor] }),
  ],
  [
    "Connect of connect-node",
    "connectrpc",
    (baseUrl) => createConnectTransport({ baseUrl, httpVersion: "2", interceptors: [interceptor] }),
  ],
];

async function setUp(connect: (baseUrl: string) => Transport, options: object = {}) {
  const clock = createFakeClock();
  const emulator = await startEmulator({ clock, faults: [] });
  closeAfterTest(() => emulator.close());
  const driver = createDriver(connect(emulator.baseUrl), clock);
  const { transport } = driver;
  const client = createOperationsClient({ transport, clock, observer, random: () => 0, ...options });
  return { clock, emulator, driver, client };
}

/** What the emulator got as `traceparent`: ids of trace and span. */
const received = ({ calls }: Emulator) =>
  calls.map(({ headers }) => /^00-(\w{32})-(\w{16})-01$/.exec(headers.traceparent ?? "")?.slice(1));

const fault = (emulator: Emulator, method: string, more: object = {}) =>
  emulator.faults.add({
    kind: "error",
    code: Code.Unavailable,
    method: `google.longrunning.Operations.${method}`,
    times: 1,
    ...more,
  });

const named = (spans: readonly SeenSpan[], name: string) => spans.filter((span) => span.name === name);

/** Checks a span of a call against the tables. */
function expectByConventions(span: SeenSpan, system: string): void {
  expect(span.kind).toBe("CLIENT");
  const { attributes } = span;
  for (const [name, { type, requirement }] of Object.entries(CLIENT_SPAN)) {
    const value = attributes[name];
    if (requirement === "required" || requirement === "if available")
      expect([name, value]).not.toEqual([name, undefined]);
    if (requirement === "if failed") expect(value !== undefined).toBe(span.failed);
    if (value !== undefined)
      expect(type === "int" ? Number.isInteger(value) : typeof value === "string").toBe(true);
  }
  const own = Object.keys(attributes).filter((name) => !(name in CLIENT_SPAN));
  expect(own.filter((name) => !name.startsWith("longrunning."))).toEqual([]);
  expect(attributes["rpc.system.name"]).toBe(system);
}

beforeEach(() => void sdk.spans());

describe.each(LANES)("over %s", (_, system, connect) => {
  test("a cancel is a span with one attempt, and the server joins its trace", async () => {
    const { emulator, driver, client } = await setUp(connect);
    const name = emulator.operations.start({ durationMs: 60_000 });
    const root = trace.getTracer("program").startSpan("program");
    await context.with(trace.setSpan(context.active(), root), () =>
      driver.until(client.cancelOperation(name)),
    );
    const spans = sdk.spans();
    const [call] = named(spans, CANCEL);
    const [attempt] = named(spans, `Attempt.${CANCEL}`);
    if (call === undefined || attempt === undefined) throw new Error("no spans");
    expectByConventions(call, system);
    expectByConventions(attempt, system);
    expect(call).toMatchObject({ parent: root.spanContext().spanId, failed: false });
    expect(attempt.parent).toBe(call.id);
    expect(call.attributes).toMatchObject({
      "rpc.method": CANCEL,
      "rpc.status_code": "OK",
      "server.address": "127.0.0.1",
      "server.port": Number(new URL(emulator.baseUrl).port),
    });
    expect(received(emulator)).toEqual([[root.spanContext().traceId, attempt.id]]);
    root.end();
  });

  test("a call that is retried is one span; each attempt is one of its own, and goes to the server as such", async () => {
    const { emulator, driver, client } = await setUp(connect);
    const name = emulator.operations.start({});
    fault(emulator, "CancelOperation", { times: 2 });
    await driver.until(client.cancelOperation(name));
    const spans = sdk.spans();
    const [call] = named(spans, CANCEL);
    const attempts = named(spans, `Attempt.${CANCEL}`);
    expect(call).toMatchObject({ failed: false, attributes: { "longrunning.call.attempts": 3 } });
    expect(call?.events).toMatchObject([
      {
        name: "longrunning.retry",
        attributes: { "error.type": "UNAVAILABLE", "longrunning.retry.pause": 0.5 },
      },
      { name: "longrunning.retry", attributes: { "longrunning.retry.paused_by": "backoff" } },
    ]);
    expect(attempts.map(({ failed, attributes }) => [failed, attributes["rpc.status_code"]])).toEqual([
      [true, "UNAVAILABLE"],
      [true, "UNAVAILABLE"],
      [false, "OK"],
    ]);
    for (const attempt of attempts) expectByConventions(attempt, system);
    expect(received(emulator)).toEqual(attempts.map(({ traceId, id }) => [traceId, id]));
  });

  test("a wait of ten polls is a span with an event a poll, and the polls are calls below it", async () => {
    const { emulator, driver, client } = await setUp(connect, {
      polling: { initialMs: 1_000, multiplier: 1 },
    });
    const name = emulator.operations.start({ durationMs: 8_500 });
    const outcome = await driver.until(client.operation(name).wait());
    expect(outcome.state).toBe("succeeded");
    const spans = sdk.spans();
    const [wait] = named(spans, "longrunning.wait");
    expect(wait).toMatchObject({
      kind: "INTERNAL",
      failed: false,
      attributes: { "longrunning.wait.outcome": "succeeded", "longrunning.wait.polls": 10 },
    });
    const events = wait?.events.map((event) => event.name) ?? [];
    expect(events.filter((event) => event === "longrunning.poll")).toHaveLength(10);
    expect(wait?.events.filter((event) => event.name === "longrunning.state")).toMatchObject([
      { attributes: { "longrunning.operation.state": "running" } },
      { attributes: { "longrunning.operation.state": "succeeded" } },
    ]);
    const polls = named(spans, GET);
    expect(polls).toHaveLength(10);
    expect(new Set(polls.map((poll) => poll.parent))).toEqual(new Set([wait?.id]));
    expect(new Set(received(emulator).map((ids) => ids?.[0]))).toEqual(new Set([wait?.traceId]));
  });

  test("a wait that ends cancelled, and cancelAndWait with its cancel below it", async () => {
    const { emulator, driver, client } = await setUp(connect);
    const name = emulator.operations.start({ durationMs: 60_000, onCancel: "cancels" });
    await driver.until(client.cancelAndWait(name));
    const spans = sdk.spans();
    const [wait] = named(spans, "longrunning.cancelAndWait");
    expect(wait).toMatchObject({ failed: false, attributes: { "longrunning.wait.outcome": "cancelled" } });
    expect(named(spans, CANCEL)[0]?.parent).toBe(wait?.id);
  });

  test("a start that fails is a failed span, without the words of the server", async () => {
    const { emulator, driver, client } = await setUp(connect);
    emulator.faults.add({ kind: "error", code: Code.PermissionDenied, message: "report 77 of ACME" });
    const start = client.startOperation(ReportService.method.runReport, { name: "networks/1/reports/77" });
    await expect(driver.until(start)).rejects.toThrow();
    const spans = sdk.spans();
    const [call] = named(spans, "google.ads.admanager.v1.ReportService/RunReport");
    if (call === undefined) throw new Error("no span");
    expectByConventions(call, system);
    expect(call).toMatchObject({
      failed: true,
      statusMessage: "permission-denied",
      attributes: { "error.type": "PERMISSION_DENIED", "rpc.status_code": "PERMISSION_DENIED" },
    });
    expect(JSON.stringify(spans)).not.toMatch(/ACME|reports\/77/);
  });
});

const rest = (baseUrl: string) => createRestTransport({ baseUrl, interceptors: [interceptor] });

test("leaving the loop of a watch ends its span", async () => {
  const { emulator, driver, client } = await setUp(rest);
  const handle = client.operation(emulator.operations.start({ durationMs: 60_000 }));
  const read = async () => {
    for await (const _ of handle.watch()) break;
  };
  await driver.until(read());
  expect(named(sdk.spans(), "longrunning.watch")).toMatchObject([
    { failed: false, attributes: { "longrunning.wait.outcome": "left" } },
  ]);
});

test("a wait whose time is up, and one that is aborted", async () => {
  const { emulator, driver, client } = await setUp(rest);
  const handle = client.operation(emulator.operations.start({ durationMs: 60_000 }));
  await expect(driver.until(handle.wait({ timeoutMs: 5_000 }))).rejects.toThrow();
  await expect(handle.wait({ signal: AbortSignal.abort() })).rejects.toThrow();
  expect(named(sdk.spans(), "longrunning.wait")).toMatchObject([
    { failed: true, attributes: { "longrunning.wait.outcome": "timeout", "error.type": "timeout" } },
    { failed: false, attributes: { "longrunning.wait.outcome": "aborted" } },
  ]);
});

test("a wait of hours is several spans, each in a trace of its own and linked to the one before", async () => {
  const clock = createFakeClock();
  const telemetry = openTelemetry({ linkAfterMs: 600_000, clock });
  const emulator = await startEmulator({ clock });
  closeAfterTest(() => emulator.close());
  const driver = createDriver(
    createRestTransport({ baseUrl: emulator.baseUrl, interceptors: [telemetry.interceptor] }),
    clock,
  );
  const { transport } = driver;
  const client = createOperationsClient({ transport, clock, observer: telemetry.observer });
  const name = emulator.operations.start({ durationMs: 1_500_000 });
  await driver.until(client.operation(name).wait());
  const spans = sdk.spans();
  const waits = named(spans, "longrunning.wait");
  expect(waits.map(({ attributes }) => attributes["longrunning.wait.part"])).toEqual([undefined, 2, 3]);
  expect(new Set(waits.map(({ traceId }) => traceId)).size).toBe(3);
  expect(waits[1]?.links).toEqual([waits[0]?.id]);
  expect(waits[2]?.links).toEqual([waits[1]?.id]);
  expect(waits[2]?.attributes).toMatchObject({ "longrunning.wait.outcome": "succeeded" });
  const ofLast = named(spans, GET).filter(({ parent: id }) => id === waits[2]?.id);
  expect(ofLast.length).toBeGreaterThan(5);
});

test("two waits on one handle: the polls are below the later, with a link to the other", async () => {
  const { emulator, driver, client } = await setUp(rest);
  const handle = client.operation(emulator.operations.start({ durationMs: 100 }));
  await driver.until(Promise.all([handle.wait(), handle.result()]));
  const spans = sdk.spans();
  const [wait] = named(spans, "longrunning.wait");
  const [result] = named(spans, "longrunning.result");
  const last = named(spans, GET).at(-1);
  expect([last?.parent, last?.links]).toEqual([result?.id, [wait?.id]]);
  expect(wait?.events.length).toBe(result?.events.length);
});

test("operation names are in spans by an option alone, and in metrics never", async () => {
  const telemetry = openTelemetry({ operationNames: true });
  const { emulator, driver, client } = await setUp(
    (baseUrl) => createRestTransport({ baseUrl, interceptors: [telemetry.interceptor] }),
    { observer: telemetry.observer },
  );
  const name = emulator.operations.start({ id: "secret-run", durationMs: 0 });
  await driver.until(client.operation(name).wait());
  const spans = sdk.spans();
  expect(named(spans, GET)[0]?.attributes).toMatchObject({ "longrunning.operation.name": name });
  expect(named(spans, "longrunning.wait")[0]?.attributes).toMatchObject({
    "longrunning.operation.name": name,
  });
  expect(JSON.stringify(await sdk.metrics())).not.toContain("secret-run");
});

test("the metrics have the names, units, buckets and attributes of the conventions", async () => {
  const { emulator, driver, client } = await setUp(rest, { retry: { maxAttempts: 2 } });
  const name = emulator.operations.start({ durationMs: 2_000 });
  fault(emulator, "GetOperation", { times: 3 });
  await driver.until(client.operation(name).wait());
  const all = await sdk.metrics();
  const metric = (wanted: string) => {
    const found = all.find(({ descriptor }) => descriptor.name === wanted);
    if (found === undefined) throw new Error(`no metric ${wanted}`);
    return found;
  };
  const duration = metric(CLIENT_CALL_DURATION.name);
  expect(duration.descriptor).toMatchObject({
    unit: CLIENT_CALL_DURATION.unit,
    advice: { explicitBucketBoundaries: CLIENT_CALL_DURATION.buckets },
  });
  for (const { attributes, value } of duration.dataPoints) {
    expect(CLIENT_CALL_DURATION.attributes).toEqual(expect.arrayContaining(Object.keys(attributes)));
    expect(attributes).toMatchObject({
      "rpc.system.name": expect.any(String),
      "rpc.method": expect.any(String),
    });
    expect("error.type" in attributes).toBe(attributes["rpc.status_code"] !== "OK");
    expect(value).toMatchObject({ buckets: { boundaries: CLIENT_CALL_DURATION.buckets } });
  }
  const systems = new Set(duration.dataPoints.map(({ attributes }) => attributes["rpc.system.name"]));
  expect([...systems].filter((system) => !RPC_SYSTEMS.includes(String(system)))).toEqual(["http"]);
  const units = Object.fromEntries(all.map(({ descriptor }) => [descriptor.name, descriptor.unit]));
  expect(units).toEqual({
    "rpc.client.call.duration": "s",
    "longrunning.client.wait.duration": "s",
    "longrunning.client.polls": "{poll}",
    "longrunning.client.retries": "{retry}",
    "longrunning.client.transient_errors": "{error}",
  });
  const counted = (wanted: string, attributes: object) =>
    metric(wanted).dataPoints.filter((point) =>
      Object.entries(attributes).every(([key, value]) => point.attributes[key] === value),
    );
  expect(
    counted("longrunning.client.retries", { "rpc.method": GET, "error.type": "UNAVAILABLE" }),
  ).toHaveLength(1);
  expect(counted("longrunning.client.transient_errors", { "error.type": "UNAVAILABLE" })).toHaveLength(1);
  expect(counted("longrunning.client.polls", { "longrunning.operation.state": "succeeded" })).toHaveLength(1);
  expect(
    counted("longrunning.client.wait.duration", { "longrunning.wait.outcome": "succeeded" }),
  ).not.toEqual([]);
});

test.each([
  [{ tracer: 1 }, /openTelemetry: unknown option "tracer"/],
  [{ tracerProvider: {} }, /tracerProvider: invalid value \(expected an object with getTracer\(\)\)/],
  [{ propagator: 5 }, /propagator: invalid value/],
  [{ linkAfterMs: 0 }, /linkAfterMs: invalid value/],
  [{ operationNames: "yes" }, /operationNames: invalid value/],
])("rejects %p", (options, text) => {
  expect(() => openTelemetry(options as object)).toThrow(text);
});
