// SPDX-License-Identifier: Apache-2.0

import { create, createRegistry, type JsonValue } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import fc from "fast-check";
import { Operations } from "../../gen/google/longrunning/operations_pb.js";
import { ErrorInfoSchema, HelpSchema, RetryInfoSchema } from "../../gen/google/rpc/error_details_pb.js";
import { CallError } from "../../src/errors/call-error.js";
import {
  fromRestError,
  fromStreamError,
  type RestError,
  toRestError,
} from "../../src/errors/rest/rest-error.js";
import { anyToJson } from "../../src/json/any.js";
import { registryFor, standardRegistry } from "../../src/json/registry.js";
import { vaultType } from "../json/vault-schema.js";
import { propertyRuns } from "../property-runs.js";

const registry = registryFor(Operations.method.cancelOperation);
const url = "https://host.example/v1/operations/1:cancel";

function answer(
  status: number,
  body: string | JsonValue,
  more: { url?: string; headers?: Headers } = {},
): RestError {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return fromRestError({
    status,
    headers: more.headers ?? new Headers(),
    body: new TextEncoder().encode(text),
    verb: "POST",
    url: more.url ?? url,
    registry,
  });
}

const info = { "@type": "type.googleapis.com/google.rpc.ErrorInfo", reason: "R", domain: "d" };
const poem = { "@type": "type.googleapis.com/google.showcase.v1beta1.PoetryError", poem: "p" };
const googlePage =
  "<!DOCTYPE html>\n<html lang=en><meta charset=utf-8><title>Error 404 (Not Found)!!1</title><p>x";

test.each<[number, string | JsonValue, Code, string]>([
  // AIP-193
  [404, { error: { code: 404, status: "NOT_FOUND", message: "m" } }, Code.NotFound, "m"],
  [409, { error: { code: 409, status: "ALREADY_EXISTS", message: "m" } }, Code.AlreadyExists, "m"], // before 409
  [409, { error: { code: 409, message: "m" } }, Code.Aborted, "m"],
  [400, { error: { code: 400, status: "FAILED_PRECONDITION", message: "m" } }, Code.FailedPrecondition, "m"],
  [499, { error: { code: 499, status: "CANCELLED" } }, Code.Canceled, ""],
  [500, { error: { code: 500, status: "DATA_LOSS" } }, Code.DataLoss, ""],
  [400, { error: { code: 400, status: "NEW_CODE", message: "m" } }, Code.InvalidArgument, "m"], // unknown name
  [503, { error: { code: 0, status: "OK" } }, Code.Unavailable, ""], // never OK
  [500, { error: { code: 5, message: "m" } }, Code.NotFound, "m"], // a code of google.rpc
  [500, { error: { code: 404, message: "m" } }, Code.NotFound, "m"], // before the status of the answer
  [500, { error: { code: 200, message: "m" } }, Code.Internal, "m"],
  [500, { error: { code: 17, message: "m" } }, Code.Internal, "m"],
  [500, { error: { code: -5, message: "m" } }, Code.Internal, "m"],
  [500, { error: { code: "404", message: "m" } }, Code.NotFound, "m"],
  [500, { error: { code: "4o4", message: "m" } }, Code.Internal, "m"],
  [500, { error: { code: null, status: 5, message: {} } }, Code.Internal, ""],
  [502, { error: { message: "m" } }, Code.Internal, "m"], // the API itself speaks: no load balancer
  [408, { error: { code: 408, message: "m" } }, Code.FailedPrecondition, "m"],
  [404, { error: { code: 404, errors: [{ message: "m", reason: "notFound" }] } }, Code.NotFound, "m"],
  // streaming methods
  [400, [{ error: { code: 400, status: "INVALID_ARGUMENT", message: "m" } }], Code.InvalidArgument, "m"],
  [400, [{}, { error: { status: "OUT_OF_RANGE" } }], Code.OutOfRange, ""],
  [400, [{ message: "m" }], Code.InvalidArgument, "m"],
  // a bare google.rpc.Status
  [404, { code: 5, message: "Not Found", details: [] }, Code.NotFound, "Not Found"],
  [401, { code: 16, message: "Jwt is missing" }, Code.Unauthenticated, "Jwt is missing"],
  [500, { code: 0, message: "m" }, Code.Internal, "m"],
  // Connect
  [404, { code: "not_found", message: "m" }, Code.NotFound, "m"],
  [499, { code: "canceled" }, Code.Canceled, ""],
  [503, { code: "unheard_of", message: "m" }, Code.Unavailable, "m"],
  [503, { code: "ok", message: "m" }, Code.Unavailable, "m"],
  // OAuth 2.0 and grpc-gateway 1
  [401, { error: "invalid_grant", error_description: "d" }, Code.Unauthenticated, "invalid_grant: d"],
  [401, { error: "invalid_grant" }, Code.Unauthenticated, "invalid_grant"],
  [500, { error: "m", code: 5, message: "m", details: [] }, Code.NotFound, "m"],
  [502, { error: "Bad Gateway", status: 502, message: "upstream" }, Code.Unavailable, "upstream"],
  // any other object
  [404, { message: "m" }, Code.NotFound, "m"],
  [409, { status: "ALREADY_EXISTS", message: "m" }, Code.AlreadyExists, "m"],
  [400, { code: 404, message: "m" }, Code.NotFound, "m"],
  [502, { message: "m" }, Code.Unavailable, "m"],
  [404, { error: null, message: "m" }, Code.NotFound, "m"],
  [404, { reason: "x" }, Code.NotFound, `HTTP 404 POST ${url}: {"reason":"x"}`],
  // no JSON, or no object
  [404, googlePage, Code.NotFound, `HTTP 404 POST ${url}: Error 404 (Not Found)!!1`],
  [
    502,
    "<html><title>502 Bad\n Gateway</title></html>",
    Code.Unavailable,
    `HTTP 502 POST ${url}: 502 Bad Gateway`,
  ],
  [408, "Request Timeout\n", Code.Unavailable, `HTTP 408 POST ${url}: Request Timeout`],
  [500, "", Code.Internal, `HTTP 500 POST ${url}`],
  [413, "", Code.FailedPrecondition, `HTTP 413 POST ${url}`],
  [418, "null", Code.FailedPrecondition, `HTTP 418 POST ${url}: null`],
  [418, "[]", Code.FailedPrecondition, `HTTP 418 POST ${url}: []`],
  [418, "[7]", Code.FailedPrecondition, `HTTP 418 POST ${url}: [7]`],
  [302, "", Code.Unknown, `HTTP 302 POST ${url}`],
  [503, '{"error":{"code":404', Code.Unavailable, `HTTP 503 POST ${url}: {"error":{"code":404`], // cut off
  [404, '\ufeff{"error":{"message":"m"}}', Code.NotFound, "m"], // a byte order mark
])("HTTP %i with %j is code %i: %s", (status, body, code, message) => {
  const error = answer(status, body);
  expect([error.code, error.message, error.httpStatus]).toEqual([code, message, status]);
});

test("says that it did not follow a redirect, without what may be secret in its target", () => {
  const headers = new Headers({ location: "https://user:pass@login.example/a?state=secret#x" });
  expect(answer(302, "", { headers }).message).toBe(
    `HTTP 302 POST ${url}: redirects are not followed (to https://login.example/a)`,
  );
});

test("keeps keys in the URL out of message and cause", () => {
  const error = answer(500, "", { url: "https://me:word@host.example/v1/x?key=secret#frag" });
  expect(error.message).toBe("HTTP 500 POST https://host.example/v1/x");
  expect(error.cause.url).toBe("https://host.example/v1/x");
});

test("quotes a long page in one bounded line, and keeps it all on the cause", () => {
  const page = `first\u0000\nsecond ${"😀".repeat(40_000)}`;
  const error = answer(500, page, { url: `https://host.example/${"a".repeat(9_000)}` });
  expect(error.message).toMatch(/^HTTP 500 POST https:\/\/host\.example\/a+…: first second 😀+…$/u);
  expect(error.message.length).toBeLessThan(1_700);
  expect(error.cause.body).toBe(page);
});

test("takes a hostile page in its stride", () => {
  expect(answer(500, "<title".repeat(100_000)).message.length).toBeLessThan(1_200);
  expect(answer(500, "[".repeat(200_000)).code).toBe(Code.Internal);
});

test("keeps the headers of the response as metadata", () => {
  const headers = new Headers({ "retry-after": "7" });
  expect(answer(503, "", { headers }).metadata.get("retry-after")).toBe("7");
});

describe("details", () => {
  function errorWith(details: JsonValue): CallError {
    return new CallError({
      ...answer(409, { error: { status: "ABORTED", message: "m", details } }),
      requestSent: true,
    });
  }

  test("are all kept, those of unknown types as JSON", () => {
    const error = errorWith([info, poem]);
    expect(error.details.map((detail) => "type" in detail && detail.type)).toEqual([
      "google.rpc.ErrorInfo",
      "google.showcase.v1beta1.PoetryError",
    ]);
    expect(error.errorInfo).toMatchObject({ reason: "R", domain: "d" });
    expect(error.status.details.map((any) => anyToJson(any))).toEqual([info, poem]);
    expect(error.details.map((detail) => "debug" in detail && detail.debug)).toEqual([info, poem]);
  });

  test("that cannot be read take neither each other nor code and message along", () => {
    const endless = { "@type": "a/b.C", x: JSON.parse("[".repeat(1_000) + "]".repeat(1_000)) };
    const odd = [null, 7, "x", [], {}, { "@type": 5 }, { "@type": "" }, { "@type": "host/" }, endless];
    const wrong = { "@type": "type.googleapis.com/google.rpc.ErrorInfo", reason: { not: "text" } };
    const error = errorWith([...odd, wrong, info]);
    expect([error.code, error.rawMessage.includes("m")]).toEqual([Code.Aborted, true]);
    expect(error.findDetails(ErrorInfoSchema)).toEqual([
      create(ErrorInfoSchema, { reason: "R", domain: "d" }),
    ]);
    expect(error.status.details.map((any) => anyToJson(any))).toEqual([wrong, info]);
  });

  test.each<JsonValue>([null, 7, "x", {}])("that are no list (%j) are none", (details) => {
    expect(errorWith(details).details).toEqual([]);
  });

  test("of a type nobody knew decode once the caller has the schema", () => {
    const error = errorWith([{ "@type": "type.googleapis.com/vault.Plain", label: "x" }]);
    expect(error.findDetails(vaultType("Plain"))).toMatchObject([{ label: "x" }]);
    expect(error.findDetails(createRegistry(vaultType("Plain")))).toMatchObject([{ label: "x" }]);
    expect(error.findDetails(vaultType("Choice"))).toEqual([]);
  });

  test("of a Connect server are read from base64", () => {
    const value = "CgFSEgFk"; // the bytes of `info`
    const details = [
      { type: "google.rpc.ErrorInfo", value, debug: { reason: "R" } },
      { type: "google.rpc.ErrorInfo", value: "?" },
      { type: "", value },
    ];
    const error = new CallError({ ...answer(409, { code: "aborted", details }), requestSent: true });
    expect(error.findDetails(ErrorInfoSchema)).toEqual([
      create(ErrorInfoSchema, { reason: "R", domain: "d" }),
    ]);
  });

  test("equal those of the same error over gRPC", () => {
    const sent = [{ desc: ErrorInfoSchema, value: { reason: "R", domain: "d" } }];
    const overGrpc = new CallError({ code: Code.Aborted, message: "m", details: sent, requestSent: true });
    expect(errorWith([info]).details).toEqual(overGrpc.details);
    expect(errorWith([info]).status).toEqual(overGrpc.status);
    expect(errorWith([info]).toJSON()).toEqual(overGrpc.toJSON());
  });
});

describe("toRestError", () => {
  test("writes an error as AIP-193 has it", () => {
    const error = new ConnectError("m", Code.FailedPrecondition, undefined, [
      { desc: ErrorInfoSchema, value: { reason: "R", domain: "d" } },
      { desc: vaultType("Plain"), value: { label: "x" } }, // its schema comes with it
    ]);
    expect(toRestError(error, standardRegistry())).toEqual({
      status: 400,
      body: {
        error: {
          code: 400,
          message: "m",
          status: "FAILED_PRECONDITION",
          details: [info, { "@type": "type.googleapis.com/vault.Plain", label: "x" }],
        },
      },
    });
    expect(toRestError(new ConnectError(""), standardRegistry())).toEqual({
      status: 500,
      body: { error: { code: 500, message: "", status: "UNKNOWN" } },
    });
  });

  test("passes JSON of unknown types on, and leaves out bytes of unknown types", () => {
    const error = new ConnectError("m", Code.Aborted);
    error.details = [
      { type: "no.such.Type", value: Uint8Array.of(8, 1) },
      ...answer(409, { error: { details: [poem] } }).details,
      { desc: RetryInfoSchema, value: { retryDelay: { nanos: "x" } } }, // refused by the schema
    ];
    expect(toRestError(error, standardRegistry()).body).toMatchObject({ error: { details: [poem] } });
  });

  test("is undone by fromRestError for every error", () => {
    const detail = fc.oneof(
      fc
        .record({ reason: fc.string(), domain: fc.string() })
        .map((value) => ({ desc: ErrorInfoSchema, value })),
      fc.nat().map((nanos) => ({ desc: RetryInfoSchema, value: { retryDelay: { nanos: nanos % 1e9 } } })),
      fc.string().map((link) => ({ desc: HelpSchema, value: { links: [{ url: link }] } })),
    );
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 16 }),
        fc.string(),
        fc.array(detail),
        (code, message, details) => {
          const sent = new CallError({ code, message, details, requestSent: true });
          const { status, body } = toRestError(sent, standardRegistry());
          const read = answer(status, body);
          expect([read.code, read.message]).toEqual([code, message]);
          expect(read.details).toEqual(sent.details);
        },
      ),
      { numRuns: propertyRuns(2_000) },
    );
  });
});

test("reads the error at the end of a stream like the one in a body", () => {
  expect(
    fromStreamError({ code: 404, status: "NOT_FOUND", message: "m", details: [info] }, registry),
  ).toEqual({
    code: Code.NotFound,
    message: "m",
    details: answer(404, { error: { details: [info] } }).details,
  });
  expect(fromStreamError({ grpc_code: 5, http_code: 404, message: "m" }, registry).code).toBe(Code.NotFound);
});

test("no body makes it throw, or gives OK", () => {
  const body = fc.oneof(
    fc.string(),
    fc.json(),
    fc.jsonValue().map((error) => JSON.stringify({ error })),
  );
  fc.assert(
    fc.property(fc.integer({ min: 100, max: 599 }), body, (status, text) => {
      const { code, message } = answer(status, text);
      expect(Code[code]).toBeDefined();
      expect(typeof message).toBe("string");
    }),
    { numRuns: propertyRuns(10_000) },
  );
});
