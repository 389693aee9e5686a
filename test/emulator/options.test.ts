// SPDX-License-Identifier: Apache-2.0
import { ReportService } from "../../gen/google/ads/admanager/v1/report_service_pb.js";
import { type Emulator, startEmulator } from "../../src/emulator.js";

test.each<[object, string]>([
  [{ prot: 1 }, 'startEmulator: unknown option "prot"'],
  [{ maxWaitMs: -1 }, "maxWaitMs: invalid value (got -1; expected milliseconds, 0 or more)"],
  [{ maxCalls: 0 }, "maxCalls: invalid value (got 0; expected a whole number, 1 or more)"],
  [{ allowHosts: "app.example" }, 'allowHosts: invalid value (got "app.example"; expected an array)'],
  [
    { allowHosts: ["app.example", 7] },
    "allowHosts[1]: invalid value (got 7; expected text that is not empty)",
  ],
  [
    { allowOrigins: "https://app.example" },
    'allowOrigins: invalid value (got "https://app.example"; expected an array)',
  ],
  [
    { allowOrigins: [/app/] },
    "allowOrigins[0]: invalid value (got a RegExp; expected text that is not empty)",
  ],
  ...["*", "*.app.test", "app.test:80", "http://app.test", "app.test/"].map((host): [object, string] => [
    { allowHosts: [host] },
    `allowHosts[0]: invalid value (got "${host}"; expected a host name without a port`,
  ]),
  ...[
    "app.test",
    "https://app.test/",
    "HTTPS://app.test",
    "https://app.test:443",
    "https://*.test",
    "http://a@b",
  ].map((origin): [object, string] => [
    { allowOrigins: ["*", origin] },
    `allowOrigins[1]: invalid value (got "${origin}"; expected an origin such as https://app.test, or *)`,
  ]),
  [
    { script: { operations: [{ id: "1" }, {}, { name: "operations/1" }] } },
    "operations[2]: operations/1 is there twice",
  ],
  [{ script: { methods: [{ method: "a.B.C" }, { method: "a.B.C" }] } }, "methods[1]: a.B.C is there twice"],
  [{ faults: { kind: "goaway" } }, "faults: invalid value (got an object; expected an array)"],
  [{ httpRules: "service.yaml" }, 'httpRules: invalid value (got "service.yaml"; expected an array)'],
  [{ port: null }, "port: invalid value (got null; expected undefined for the default)"],
  [{ registry: {} }, "registry: not a registry"],
  [{ controlToken: 12345 }, "controlToken: not a token"],
  [{ tls: "cert.pem" }, 'tls: invalid value (got "cert.pem"; expected an object)'],
  [{ reportRows: "10" }, "reportRows: not a number of rows (got string; expected"],
  [{ state: 7 }, "state: invalid value (got 7; expected text that is not empty)"],
  [{ reportRuns: 5 }, "reportRuns: options: invalid value (got 5; expected an object)"],
  [{ reportRuns: [] }, "reportRuns: options: invalid value (got an array; expected an object)"],
  [{ reportRuns: { durationMS: 5 } }, 'reportRuns: unknown option "durationMS"'],
  [{ reportRuns: { id: "1" } }, 'reportRuns: unknown option "id"'],
  [{ reportRuns: { durationMs: "5s" } }, 'reportRuns.durationMs: invalid value (got "5s"'],
  [{ reportRuns: { onCancel: "stops" } }, 'reportRuns.onCancel: invalid value (got "stops"'],
  [
    { reportRuns: { response: {} } },
    "reportRuns.response: invalid value (got an object; expected a google.protobuf.Any",
  ],
  [{ reportRuns: { metadata: "x" } }, 'reportRuns.metadata: invalid value (got "x"'],
  [{ reportRuns: { error: { code: 0 } } }, "reportRuns.error.code: invalid value (got 0"],
  [{ reports: 5 }, "reports: invalid value (got 5; expected an array)"],
  [{ reports: [null] }, "reports[0]: options: invalid value (got null; expected an object)"],
  [{ reports: [{ name: "x" }] }, 'reports[0].name: invalid value (got "x"; expected networks/*/reports/*)'],
  [
    { reports: [{ name: "networks/1/reports/2", metrics: "CLICKS" }] },
    'reports[0].metrics: invalid value (got "CLICKS"; expected an array)',
  ],
  [{ descriptorSets: new Uint8Array(1) }, "descriptorSets: invalid value (got a Uint8Array"],
  [{ faults: [null] }, "fault: invalid value (got null; expected an object)"],
  [{ tls: {} }, "tls.selfSigned: invalid value (got undefined; expected true, or cert and key instead)"],
  [{ tls: { selfSigned: "yes" } }, 'tls.selfSigned: invalid value (got "yes"'],
  [{ clock: Date }, "startEmulator: clock: invalid value (expected an object with now() and startTimer())"],
  [{ httpRules: [{ selector: "a.B.C", get: "/{" }] }, "a.B.C"],
])("rejects %j", async (options, message) => {
  await expect(startEmulator(options)).rejects.toThrow(message);
});

describe("a running emulator rejects what it cannot use", () => {
  let emulator: Emulator;
  beforeAll(async () => {
    emulator = await startEmulator();
  });
  afterAll(() => emulator.close());

  const start = (script: unknown) => () => emulator.operations.start(script as object);
  const finish = (end: unknown) => () =>
    emulator.operations.finish(emulator.operations.start(), end as { response: never });

  test.each<[string, () => unknown, string]>([
    ["null for a script", start(null), "operation: options: invalid value (got null; expected an object)"],
    ["a number for a script", start(5), "operation: options: invalid value (got 5"],
    [
      "a response that is no Any",
      start({ response: { value: "x" } }),
      "response: invalid value (got an object",
    ],
    ["metadata that is no Any", start({ metadata: 5 }), "metadata: invalid value (got 5"],
    ["a step without metadata", start({ metadata: [{ afterMs: 5 }] }), "metadata[0].metadata: invalid value"],
    ["a step of a wrong kind", start({ metadata: [7] }), "metadata[0]: options: invalid value (got 7"],
    ["an error that is a text", start({ error: "x" }), 'error: invalid value (got "x"; expected an object)'],
    ["an error's message", start({ error: { code: 5, message: 5 } }), "error.message: invalid value (got 5"],
    [
      "an error's details",
      start({ error: { code: 5, details: [1] } }),
      "error.details[0]: invalid value (got 1",
    ],
    ["the name of a field", start({ percentField: "percent" }), 'percentField: invalid value (got "percent"'],
    ["a parent that is no text", start({ parent: 5 }), "parent: invalid value (got 5"],
    ["an id that is no text", start({ id: 5 }), "id: invalid value (got 5"],
    [
      "an id of two segments",
      start({ id: "a/b" }),
      'id: invalid value (got "a/b"; expected the last segment',
    ],
    ["an end that is no Any", finish({ response: {} }), "finish: response: invalid value (got an object"],
    ["an end without a code", finish({ error: {} }), "finish: error.code: invalid value (got undefined"],
    [
      "progress that is no Any",
      () => emulator.operations.setProgress(emulator.operations.start(), { metadata: {} as never }),
      "metadata: invalid value (got an object",
    ],
    [
      "a resource that is no text",
      () => emulator.operations.setUnreachable([5] as never),
      "setUnreachable: resources[0]: invalid value (got 5",
    ],
    ["no fault", () => emulator.faults.add(null as never), "fault: invalid value (got null"],
    [
      "details that are no list",
      () => emulator.faults.add({ kind: "error", code: 5, details: {} as never }),
      "details: invalid value (got an object; expected an array)",
    ],
    [
      "a detail that is none",
      () => emulator.faults.add({ kind: "error", code: 5, details: [null] as never }),
      "details[0]: invalid value (got null; expected an object)",
    ],
    ["no service", () => emulator.serve(5 as never, {} as never), "serve: service: invalid value (got 5"],
    [
      "no implementation",
      () => emulator.serve(ReportService, undefined as never),
      "serve: implementation: invalid value (got undefined",
    ],
  ])("%s", (_, call, message) => {
    expect(call).toThrow(TypeError);
    expect(call).toThrow(message);
  });
});

test("an option of report runs that is undefined is one that was left out", async () => {
  const runs = { metadata: undefined, percentField: undefined, response: undefined, error: undefined };
  await using emulator = await startEmulator({ reportRuns: { ...runs, durationMs: 0 } });
  const response = await fetch(`${emulator.baseUrl}/v1/networks/1/reports/2:run`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: "{}",
  });
  expect(await response.json()).toMatchObject({
    done: true,
    metadata: { report: "networks/1/reports/2" },
    response: { reportResult: "networks/1/reports/2/results/1" },
  });
});
