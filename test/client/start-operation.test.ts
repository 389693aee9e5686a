// SPDX-License-Identifier: Apache-2.0
import { createRegistry, type DescMethod } from "@bufbuild/protobuf";
import { AnySchema } from "@bufbuild/protobuf/wkt";
import { Code, ConnectError } from "@connectrpc/connect";
import {
  ReportService,
  RunReportMetadataSchema,
  RunReportResponseSchema,
} from "../../gen/google/ads/admanager/v1/report_service_pb.js";
import { Operations } from "../../gen/google/longrunning/operations_pb.js";
import type { StartMethod } from "../../src/index.js";
import { methodWithInfo } from "../start-method.js";
import { NAME, RUN_TYPES, running, setUp, succeeded } from "./scripted-server.js";

const { runReport } = ReportService.method;
const request = { name: "networks/123/reports/1" };

test("calls the method and gives the handle of what it started", async () => {
  const { clock, server, client } = setUp({
    RunReport: running(0),
    GetOperation: [running(50), succeeded()],
  });
  const run = await client.startOperation(runReport, request, RUN_TYPES);
  expect(run.name).toBe(NAME);
  expect(server.calls).toMatchObject([{ method: "RunReport", message: request, timeoutMs: 60_000 }]);
  const seen: (number | undefined)[] = [];
  const read = (async () => {
    for await (const { metadata } of run.watch()) seen.push(metadata?.percentComplete);
  })();
  await clock.advance(2500);
  await read;
  expect(seen).toEqual([0, 50, 100]);
  expect(server.times).toEqual(["RunReport@0", "GetOperation@1000", "GetOperation@2500"]);
});

test("an operation that is done at once needs no poll", async () => {
  const { server, client } = setUp({ RunReport: succeeded() });
  const run = await client.startOperation(runReport, request, RUN_TYPES);
  expect(await run.result()).toMatchObject({ reportResult: "results/1" });
  expect(await run.wait()).toMatchObject({ state: "succeeded" });
  expect(server.times).toEqual(["RunReport@0"]);
});

test("one that is done at once and has no name gives its response as well", async () => {
  const { server, client } = setUp({ RunReport: { done: true } });
  const run = await client.startOperation(runReport, request);
  expect(await run.wait()).toMatchObject({ state: "succeeded", name: "" });
  expect(client.fromJSON(run.toJSON()).name).toBe("");
  expect(server.calls).toHaveLength(1);
});

test("types come from the method's operation_info, whose short names are of its package", async () => {
  const { client } = setUp({ RunReport: succeeded() });
  const run = await client.startOperation(runReport, request);
  expect(await run.wait()).toMatchObject({
    response: { $typeName: "google.ads.admanager.v1.RunReportResponse" },
    metadata: { percentComplete: 100 },
    problems: [],
  });
});

test("a type that is given stands, and the other still comes from operation_info", async () => {
  const { client } = setUp({ RunReport: succeeded() });
  const run = await client.startOperation(runReport, request, { metadata: RunReportResponseSchema });
  expect(await run.wait()).toMatchObject({
    metadata: undefined,
    response: { reportResult: "results/1" },
    problems: [expect.stringContaining("metadata is ")],
  });
});

describe("a name in operation_info", () => {
  const resultOf = async (responseType: string, types = createRegistry(RunReportResponseSchema)) => {
    const { client } = setUp({ Start: succeeded() }, { registry: types });
    const run = await client.startOperation(methodWithInfo("google.ads.admanager.v1.sub", responseType), {});
    const outcome = await run.wait();
    return outcome.state === "succeeded" ? outcome.response?.$typeName : outcome.state;
  };
  const full = "google.ads.admanager.v1.RunReportResponse";

  test.each([full, `.${full}`, "RunReportResponse", "v1.RunReportResponse"])(
    "is found from within a package: %s",
    async (name) => {
      expect(await resultOf(name)).toBe(full);
    },
  );

  test.each(["", "NoSuchMessage", ".RunReportResponse"])(
    "that leads nowhere leaves the Any as it is: %j",
    async (name) => {
      expect(await resultOf(name)).toBe("google.protobuf.Any");
    },
  );
});

test("a method without operation_info leaves both as they are", async () => {
  const { client } = setUp({ Start: succeeded() });
  const run = await client.startOperation(methodWithInfo("my", undefined), {});
  const outcome = await run.wait();
  expect(outcome.metadata?.$typeName).toBe(AnySchema.typeName);
});

test("a method that returns something else is rejected", async () => {
  const { server, client } = setUp({});
  const method: DescMethod = Operations.method.listOperations;
  await expect(
    client.startOperation(method as StartMethod<typeof Operations.method.listOperations.input>, {}),
  ).rejects.toThrow(
    new TypeError(
      "startOperation: method: invalid value (got google.longrunning.Operations.ListOperations, which returns google.longrunning.ListOperationsResponse; expected one that returns google.longrunning.Operation)",
    ),
  );
  expect(server.calls).toHaveLength(0);
});

test.each<[kind: string, method: unknown]>([
  ["nothing", undefined],
  ["a service", Operations],
  ["a name", "google.longrunning.Operations.GetOperation"],
  ["a function", () => undefined],
])("%s is no method, which is rejected", async (_, method) => {
  const { server, client } = setUp({});
  // What a program without types may pass.
  const start = client.startOperation(method as StartMethod<typeof Operations.method.getOperation.input>, {});
  await expect(start).rejects.toThrow(
    /^startOperation: method: invalid value .*expected a generated method, such as/,
  );
  expect(server.calls).toHaveLength(0);
});

test("a start that fails is a CallError of its own method", async () => {
  const { client } = setUp({ RunReport: new ConnectError("no such report", Code.NotFound) });
  await expect(client.startOperation(runReport, request)).rejects.toMatchObject({
    reason: "not-found",
    method: "google.ads.admanager.v1.ReportService.RunReport",
    operationName: undefined,
  });
});

test("call options go with it: headers, timeout, signal", async () => {
  const { server, client } = setUp({ RunReport: running() });
  await client.startOperation(runReport, request, {
    headers: { a: "b" },
    timeoutMs: 123,
    metadata: RunReportMetadataSchema,
  });
  expect(server.calls[0]?.timeoutMs).toBe(123);
  expect(server.calls[0]?.headers.get("a")).toBe("b");
});
