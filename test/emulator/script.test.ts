// SPDX-License-Identifier: Apache-2.0
import { create, toBinary } from "@bufbuild/protobuf";
import { Code, ConnectError, createClient } from "@connectrpc/connect";
import { createGrpcTransport } from "@connectrpc/connect-node";
import { AdManagerErrorSchema } from "../../gen/google/ads/admanager/v1/admanager_error_pb.js";
import { Operations } from "../../gen/google/longrunning/operations_pb.js";
import { ErrorInfoSchema } from "../../gen/google/rpc/error_details_pb.js";
import { startEmulator } from "../../src/emulator.js";
import { unpackAny } from "../../src/index.js";
import { createFakeClock, type Fault } from "../../src/testing.js";
import { BookSchema } from "../any-service/gen/library/v1/book_pb.js";
import { file_library_v1_library, Library, LoanSchema } from "../any-service/gen/library/v1/library_pb.js";
import { descriptorSetOf } from "./descriptor-set.js";

const TYPE = "type.googleapis.com/";
const INFO = { "@type": `${TYPE}google.rpc.ErrorInfo`, reason: "NO_ROWS", domain: "example.com" };
const HELP = { "@type": `${TYPE}google.rpc.Help`, links: [{ description: "d", url: "https://example.com" }] };
const REBIND = "library.v1.Library.RebindBooks";

const getJson = async (url: string) => {
  const response = await fetch(url);
  return [response.status, await response.json()];
};

describe("a script's error", () => {
  test("has details of any registered type, over REST and gRPC", async () => {
    const error = { code: "FAILED_PRECONDITION", message: "no rows", details: [INFO, HELP] };
    await using emulator = await startEmulator({
      script: { operations: [{ name: "operations/1", duration: "0s", error }] },
    });
    expect(await getJson(`${emulator.baseUrl}/v1/operations/1`)).toEqual([
      200,
      { name: "operations/1", done: true, error: { code: 9, message: "no rows", details: [INFO, HELP] } },
    ]);
    const client = createClient(Operations, createGrpcTransport({ baseUrl: emulator.baseUrl }));
    const { result } = await client.getOperation({ name: "operations/1" });
    const details = result.case === "error" ? result.value.details : [];
    expect(unpackAny(details[0], ErrorInfoSchema)).toMatchObject({ reason: "NO_ROWS" });
  });

  test.each<[unknown, string]>([
    [{ code: 5, mesage: "x" }, 'operations[0].error: unknown key "mesage" (expected code, message, details)'],
    [
      { code: "NOTFOUND" },
      'operations[0].error.code: invalid value (got "NOTFOUND"; expected a google.rpc.Code other than OK',
    ],
    [{ code: 0 }, "operations[0].error.code: invalid value (got 0;"],
    [{ code: null }, "operations[0].error.code: invalid value (got null;"],
    [{ code: 5, details: [{ "@type": `${TYPE}a.B` }] }, "operations[0].error.details[0]: "],
    [{ code: 5, details: [{ reason: "x" }] }, "operations[0].error.details[0]: "],
    [{ code: 5, details: {} }, "operations[0].error.details: expected a list"],
    ["NOT_FOUND", "operations[0].error: expected a mapping"],
  ])("is rejected where it is wrong: %j", async (error, message) => {
    await expect(
      startEmulator({ script: { operations: [{ name: "operations/1", error }] } }),
    ).rejects.toThrow(message);
  });
});

describe("a fault's details", () => {
  test("reach REST and gRPC clients, as the script has them", async () => {
    const fault = { kind: "error", code: "UNAVAILABLE", details: [INFO, HELP] };
    await using emulator = await startEmulator({ script: { faults: [fault] } });
    expect(await getJson(`${emulator.baseUrl}/v1/operations/1`)).toEqual([
      503,
      { error: expect.objectContaining({ status: "UNAVAILABLE", details: [INFO, HELP] }) },
    ]);
    const client = createClient(Operations, createGrpcTransport({ baseUrl: emulator.baseUrl }));
    const error = await client.getOperation({ name: "operations/1" }).catch((reason) => reason);
    expect((error as ConnectError).findDetails(ErrorInfoSchema)).toMatchObject([{ reason: "NO_ROWS" }]);
  });

  test("reach them as a program gives them: by schema, or in bytes of a registered type", async () => {
    const value = toBinary(ErrorInfoSchema, create(ErrorInfoSchema, { reason: "NO_ROWS" }));
    const details: ConnectError["details"] = [
      { desc: AdManagerErrorSchema, value: { message: "Quota." } },
      { type: "google.rpc.ErrorInfo", value },
    ];
    await using emulator = await startEmulator({ faults: [{ kind: "error", code: Code.Aborted, details }] });
    expect(await getJson(`${emulator.baseUrl}/v1/operations/1`)).toEqual([
      409,
      {
        error: expect.objectContaining({
          details: [
            { "@type": `${TYPE}google.ads.admanager.v1.AdManagerError`, message: "Quota." },
            { "@type": `${TYPE}google.rpc.ErrorInfo`, reason: "NO_ROWS" },
          ],
        }),
      },
    ]);
  });

  test.each<[unknown, string]>([
    [{ type: "a.B", value: new Uint8Array() }, 'details[0]: unknown type "a.B"'],
    [{ type: "google.rpc.ErrorInfo", value: "x" }, "details[0]: expected {desc, value}"],
    [INFO, "details[0]: expected {desc, value}"],
  ])("are rejected when they could not be sent: %j", async (detail, message) => {
    const fault = { kind: "error", code: Code.Aborted, details: [detail] } as Fault;
    await expect(startEmulator({ faults: [fault] })).rejects.toThrow(message);
  });
});

test.each<[unknown, string]>([
  [{ operatons: [] }, 'script: unknown key "operatons"'],
  [{ operations: [{ name: "a", durration: "5s" }] }, 'operations[0]: unknown key "durration"'],
  [{ operations: [{ name: "a", duration: "5" }] }, "operations[0].duration: expected a duration"],
  [{ operations: [{ name: "a", duration: "5 s" }] }, "operations[0].duration: expected a duration"],
  [{ operations: [{ name: "a", duration: "1.2.3s" }] }, "operations[0].duration: expected a duration"],
  [{ operations: [{ name: "" }] }, "operations[0].name: expected a name"],
  [{ operations: [{ name: "a", metadata: [{ afer: "1s" }] }] }, "operations[0].metadata[0]: unknown key"],
  [{ operations: [{ name: "a", "percent-field": "x" }] }, "operations[0].percent-field: expected a field"],
  [{ faults: {} }, "faults: expected a list"],
  [{ faults: [{ kind: "delay", min: "1s", body: "x" }] }, 'unknown option "body"'],
  [{ methods: [{ duration: "1s" }] }, "methods[0].method: expected the full name"],
  [{ methods: [{ method: "a.B.C" }] }, "methods: a.B.C is in none of the descriptor sets"],
])("rejects the script %j", async (script, message) => {
  await expect(startEmulator({ script })).rejects.toThrow(message);
});

describe("a service of a descriptor set", () => {
  const descriptorSets = [descriptorSetOf(file_library_v1_library)];

  test("starts typed operations by its script, without code", async () => {
    const clock = createFakeClock();
    const script = {
      methods: [{ method: REBIND, duration: "10s", response: { title: "T" }, metadata: { number: 7 } }],
    };
    await using emulator = await startEmulator({ clock, script, descriptorSets });
    const started = await fetch(`${emulator.baseUrl}/v1/shelves/1/books:rebind`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: "{}",
    });
    const { name } = (await started.json()) as { name: string };
    expect(name).toBe("shelves/1/operations/1");
    await clock.advance(10_000);
    const client = createClient(Operations, createGrpcTransport({ baseUrl: emulator.baseUrl }));
    const { result, metadata } = await client.getOperation({ name });
    expect(result.case === "response" && unpackAny(result.value, BookSchema)).toMatchObject({ title: "T" });
    expect(unpackAny(metadata, LoanSchema)).toMatchObject({ number: 7 });
  });

  test("has its other methods unimplemented", async () => {
    await using emulator = await startEmulator({ descriptorSets });
    const client = createClient(Library, createGrpcTransport({ baseUrl: emulator.baseUrl }));
    await expect(client.rebindBooks({})).rejects.toMatchObject({ code: Code.Unimplemented });
  });

  test.each<[object, string]>([
    [{ method: REBIND, response: { tittle: "T" } }, `methods: ${REBIND}: `],
    [{ method: REBIND, error: { code: 5 }, response: {} }, "an operation ends with"],
    [{ method: "library.v1.Library.GetBook" }, "it starts no operation"],
  ])("is rejected with the script %j", async (entry, message) => {
    await expect(startEmulator({ script: { methods: [entry] }, descriptorSets })).rejects.toThrow(message);
  });

  test("is rejected when its bytes are none", async () => {
    await expect(startEmulator({ descriptorSets: [new TextEncoder().encode("no")] })).rejects.toThrow(
      "descriptorSets[0]: not a google.protobuf.FileDescriptorSet",
    );
  });
});

test("a typed operation takes one line of code", async () => {
  await using emulator = await startEmulator();
  const rebindBooks = emulator.operations.starting(Library.method.rebindBooks, ({ parent }) => ({
    durationMs: 0,
    response: { title: parent },
  }));
  emulator.serve(Library, { rebindBooks });
  const client = createClient(Library, createGrpcTransport({ baseUrl: emulator.baseUrl }));
  const { name, result } = await client.rebindBooks({ parent: "shelves/1" });
  expect(name).toBe("shelves/1/operations/1");
  expect(result.case === "response" && unpackAny(result.value, BookSchema)).toMatchObject({
    title: "shelves/1",
  });
  expect(() => emulator.operations.starting(Operations.method.waitOperation as never)).toThrow(
    "it starts no operation",
  );
  await expect(client.getBook({})).rejects.toBeInstanceOf(ConnectError);
});
