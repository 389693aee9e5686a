// SPDX-License-Identifier: Apache-2.0
import { create, type MessageInitShape } from "@bufbuild/protobuf";
import { anyPack, EmptySchema } from "@bufbuild/protobuf/wkt";
import {
  RunReportMetadataSchema,
  RunReportResponseSchema,
} from "../../gen/google/ads/admanager/v1/report_service_pb.js";
import { type Operation, OperationSchema } from "../../gen/google/longrunning/operations_pb.js";
import { snapshotOf } from "../../src/index.js";
import { cancellableMetadata } from "./cancellable-metadata.js";
import { failed, NAME, RUN_TYPES, running, succeeded } from "./scripted-server.js";

const operation = (init: MessageInitShape<typeof OperationSchema>) => create(OperationSchema, init);

test.each([
  ["running", running(5)],
  ["running", { name: NAME, done: false, result: failed(1).result }], // What counts is done.
  ["succeeded", succeeded()],
  ["succeeded", { name: NAME, done: true }],
  ["cancelled", failed(1)],
  ["failed", failed(2)],
  ["failed", failed(0)], // An error with the code OK is a server's mistake, and no success.
  ["failed", failed(99)],
] as const)("says %s for %j", (state, init) => {
  expect(snapshotOf(operation(init as MessageInitShape<typeof OperationSchema>)).state).toBe(state);
});

test("gives metadata and response as the types asked for", () => {
  const snapshot = snapshotOf(operation(succeeded()), RUN_TYPES);
  expect(snapshot).toMatchObject({
    name: NAME,
    metadata: { $typeName: "google.ads.admanager.v1.RunReportMetadata", percentComplete: 100 },
    response: { $typeName: "google.ads.admanager.v1.RunReportResponse", reportResult: "results/1" },
    problems: [],
  });
});

test("gives them as they came where no type is asked for", () => {
  const message = operation(succeeded());
  const snapshot = snapshotOf(message);
  expect(snapshot.metadata).toBe(message.metadata);
  expect(snapshot.state === "succeeded" && snapshot.response).toBe(message.result.value);
  expect(snapshot.operation).toBe(message);
});

test("reports another type than asked for, and keeps what is there", () => {
  const swapped = { response: RunReportMetadataSchema, metadata: RunReportResponseSchema };
  const snapshot = snapshotOf(operation(succeeded()), swapped);
  expect(snapshot).toMatchObject({ state: "succeeded", metadata: undefined, response: undefined });
  expect(snapshot.problems).toEqual([
    "metadata is type.googleapis.com/google.ads.admanager.v1.RunReportMetadata; expected google.ads.admanager.v1.RunReportResponse",
    "response is type.googleapis.com/google.ads.admanager.v1.RunReportResponse; expected google.ads.admanager.v1.RunReportMetadata",
  ]);
  expect(snapshot.operation.metadata?.typeUrl).toContain("RunReportMetadata");
});

test("reports content that is not of its type, and does not throw", () => {
  const typeUrl = "type.googleapis.com/google.ads.admanager.v1.RunReportMetadata";
  const snapshot = snapshotOf(
    operation({ name: NAME, metadata: { typeUrl, value: new Uint8Array([0xff, 0xff]) } }),
    RUN_TYPES,
  );
  expect(snapshot.metadata).toBeUndefined();
  expect(snapshot.problems).toEqual([expect.stringContaining("metadata: ")]);
});

test("takes an Any without a type for nothing at all", () => {
  const empty = { typeUrl: "", value: new Uint8Array() };
  const snapshot = snapshotOf(
    operation({ name: NAME, done: true, metadata: empty, result: { case: "response", value: empty } }),
    RUN_TYPES,
  );
  expect(snapshot).toMatchObject({
    state: "succeeded",
    metadata: undefined,
    response: undefined,
    problems: [],
  });
});

test("reads a response that says only that there is none", () => {
  const value = anyPack(EmptySchema, create(EmptySchema));
  const done = operation({ name: NAME, done: true, result: { case: "response", value } });
  expect(snapshotOf(done, { response: EmptySchema })).toMatchObject({
    response: { $typeName: "google.protobuf.Empty" },
  });
});

describe("requestedCancellation", () => {
  test.each(["requested_cancellation", "cancel_requested", "cancellation_requested"])(
    "is the metadata's %s",
    (field) => {
      const { schema, pack } = cancellableMetadata(field, "bool");
      const of = (value: boolean) =>
        snapshotOf(operation({ name: NAME, metadata: pack(value) }), { metadata: schema });
      expect([of(true).requestedCancellation, of(false).requestedCancellation]).toEqual([true, false]);
      expect(of(true).state).toBe("running");
    },
  );

  test("is undefined where the metadata has no such field, is not there, or was not asked for", () => {
    expect(snapshotOf(operation(running()), RUN_TYPES).requestedCancellation).toBeUndefined();
    const { schema, pack } = cancellableMetadata("cancel_requested", "bool");
    expect(snapshotOf(operation({ name: NAME }), { metadata: schema }).requestedCancellation).toBeUndefined();
    expect(snapshotOf(operation({ name: NAME, metadata: pack(true) })).requestedCancellation).toBeUndefined();
  });

  test("is undefined where the field is no bool", () => {
    const { schema, pack } = cancellableMetadata("cancel_requested", "string");
    const snapshot = snapshotOf(operation({ name: NAME, metadata: pack("yes") }), { metadata: schema });
    expect(snapshot.requestedCancellation).toBeUndefined();
  });
});

test.each<[kind: string, operation: unknown]>([
  ["the JSON of an operation", { name: "operations/1", done: true, response: {} }],
  ["nothing", undefined],
  ["a name", "operations/1"],
])("%s is no message, which a TypeError says", (_, operation) => {
  // What a program without types may pass.
  expect(() => snapshotOf(operation as Operation)).toThrow(
    /^snapshotOf: operation: invalid value .*fromJson\(OperationSchema, json\)/,
  );
});
