// SPDX-License-Identifier: Apache-2.0
import { Code, createClient } from "@connectrpc/connect";
import { Operations } from "../../gen/google/longrunning/operations_pb.js";
import { ErrorInfoSchema, RetryInfoSchema } from "../../gen/google/rpc/error_details_pb.js";
import { startHttpServer } from "./raw-server.js";
import { callErrorOf, createTestTransport, engines } from "./rest-fixture.js";

const html = "<!DOCTYPE html>\n<html><title>Error 404 (Not Found)!!1</title></html>";
const aip193 = (error: object) => JSON.stringify({ error });

/** Status and body of an answer, and the code and message that they make. */
const table: [status: number, body: string, code: Code, message: string][] = [
  [404, aip193({ code: 404, status: "NOT_FOUND", message: "m" }), Code.NotFound, "m"],
  [409, aip193({ code: 409, status: "ALREADY_EXISTS", message: "m" }), Code.AlreadyExists, "m"],
  [409, aip193({ code: 409, message: "m" }), Code.Aborted, "m"],
  [400, aip193({ code: 400, status: "FAILED_PRECONDITION", message: "m" }), Code.FailedPrecondition, "m"],
  [499, aip193({ code: 499, status: "CANCELLED" }), Code.Canceled, ""],
  [500, aip193({ code: 500, status: "DATA_LOSS" }), Code.DataLoss, ""],
  [400, aip193({ code: 400, status: "NEW_CODE", message: "m" }), Code.InvalidArgument, "m"],
  [503, aip193({ code: 0, status: "OK" }), Code.Unavailable, ""],
  [400, `[${aip193({ code: 400, status: "INVALID_ARGUMENT", message: "m" })}]`, Code.InvalidArgument, "m"],
  [400, `[{},${aip193({ status: "OUT_OF_RANGE" })}]`, Code.OutOfRange, ""],
  [404, '{"code":5,"message":"Not Found","details":[]}', Code.NotFound, "Not Found"],
  [401, '{"code":16,"message":"Jwt is missing"}', Code.Unauthenticated, "Jwt is missing"],
  [404, '{"code":"not_found","message":"m"}', Code.NotFound, "m"],
  [401, '{"error":"invalid_grant","error_description":"d"}', Code.Unauthenticated, "invalid_grant: d"],
  [404, html, Code.NotFound, "Error 404 (Not Found)!!1"],
  [502, "<html>\n<title>502 Bad Gateway</title></html>", Code.Unavailable, "502 Bad Gateway"],
  [408, "", Code.Unavailable, "HTTP 408"],
  [500, "", Code.Internal, "HTTP 500"],
  [413, "", Code.FailedPrecondition, "HTTP 413"],
  [418, "null", Code.FailedPrecondition, "HTTP 418"],
  [302, "", Code.Unknown, "HTTP 302"],
  [416, "", Code.OutOfRange, "HTTP 416"],
  [504, "", Code.DeadlineExceeded, "HTTP 504"],
];

/** Errors that a server sends with HTTP 200, and data that looks like one. */
const successes: [body: string, code: Code | undefined][] = [
  [aip193({ code: 403, message: "m" }), Code.PermissionDenied],
  [aip193({ code: 429, status: "RESOURCE_EXHAUSTED", message: "m" }), Code.ResourceExhausted],
  [`[${aip193({ code: 500, message: "m" })}]`, Code.Internal],
  ['{"name":"operations/1","done":true,"error":{"code":5,"message":"m"}}', undefined],
  ['{"name":"operations/1","done":true,"error":{"code":403,"message":"m"}}', undefined],
];

describe.each(engines)("over the %s engine", (_engine, http) => {
  async function failing(status: number, body: string | Buffer, headers: Record<string, string> = {}) {
    const server = await startHttpServer((request, response) => {
      request.resume();
      response.writeHead(status, headers).end(body);
    });
    const transport = createTestTransport({ baseUrl: server.baseUrl, ...http() });
    const client = createClient(Operations, transport);
    return callErrorOf(client.getOperation({ name: "operations/1" }));
  }

  test.each(table)("HTTP %d with %s is code %d", async (status, body, code, message) => {
    const error = await failing(status, body);
    expect(error).toMatchObject({
      code,
      httpStatus: status,
      requestSent: true,
      method: "google.longrunning.Operations.GetOperation",
      operationName: "operations/1",
      attempts: 1,
    });
    expect(error.status.message).toContain(message);
  });

  test.each(successes)("HTTP 200 with %s is code %p", async (body, code) => {
    const server = await startHttpServer((request, response) => {
      request.resume();
      response.end(body);
    });
    const transport = createTestTransport({ baseUrl: server.baseUrl, ...http() });
    const client = createClient(Operations, transport);
    if (code === undefined) {
      expect((await client.getOperation({ name: "operations/1" })).done).toBe(true);
      return;
    }
    const expected = { code, httpStatus: 200, requestSent: true, rawMessage: "m" };
    expect(await callErrorOf(client.getOperation({ name: "operations/1" }))).toMatchObject(expected);
    if (body.startsWith("[")) return; // an array is no Empty either
    expect(await callErrorOf(client.cancelOperation({ name: "operations/1" }))).toMatchObject(expected);
  });

  test("names method and URL where the response is a page: the binding may be wrong", async () => {
    const error = await failing(404, html, { "content-type": "text/html" });
    expect(error.status.message).toMatch(/^HTTP 404 GET http:\/\/127\.0\.0\.1:\d+\/v1\/operations\/1: /);
  });

  test("keeps every detail, decoded where its type is known", async () => {
    const details = [
      { "@type": "type.googleapis.com/google.rpc.ErrorInfo", reason: "R", domain: "d" },
      { "@type": "type.googleapis.com/google.showcase.v1beta1.PoetryError", poem: "p" },
      { "@type": "type.googleapis.com/google.rpc.RetryInfo", retryDelay: "2.5s" },
    ];
    const error = await failing(409, aip193({ code: 409, status: "ABORTED", message: "m", details }));
    expect(error.details).toHaveLength(3);
    expect(error.status.details).toHaveLength(3);
    expect(error.findDetails(ErrorInfoSchema)).toMatchObject([{ reason: "R", domain: "d" }]);
    expect(error.findDetails(RetryInfoSchema)).toHaveLength(1);
    expect(error).toMatchObject({ errorInfo: { reason: "R" }, retryDelayMs: 2_500 });
  });

  test("keeps the headers of the response, the request id among them", async () => {
    const headers = { "retry-after": "7", "x-request-id": "second", "x-goog-correlation-id": "first" };
    const error = await failing(503, "", headers);
    expect(error.metadata.get("retry-after")).toBe("7");
    expect(error.requestId).toBe("first");
  });

  test("reads 64 KiB of an error's body, and no more", async () => {
    const error = await failing(500, "x".repeat(1024 * 1024));
    expect(error).toMatchObject({ code: Code.Internal, cause: { body: "x".repeat(64 * 1024) } });
  });

  test("goes by the status where the body of an error cannot be read", async () => {
    const error = await failing(503, "no gzip", { "content-encoding": "gzip" });
    expect(error).toMatchObject({ code: Code.Unavailable, httpStatus: 503 });
  });

  test.each<[string, number, string, Code, string]>([
    [
      "a login page",
      200,
      "<html>login</html>",
      Code.Unknown,
      "the response is not JSON (text/html, 18 bytes)",
    ],
    ["half an object", 200, '{"name":', Code.Unknown, "the response is not JSON"],
    [
      "nothing",
      200,
      "",
      Code.DataLoss,
      "the response has no body (HTTP 200; expected a google.longrunning.Operation)",
    ],
    ["white space", 200, " \r\n\t", Code.DataLoss, "the response has no body"],
    ["JSON of another shape", 200, '{"name":5}', Code.Internal, "no valid google.longrunning.Operation"],
    ["JSON that is no object", 200, '"x"', Code.Internal, "no valid google.longrunning.Operation"],
  ])("a success with %s is an error", async (_what, status, body, code, message) => {
    const error = await failing(status, body, { "content-type": "text/html" });
    expect(error).toMatchObject({ code, httpStatus: 200, requestSent: true });
    expect(error.status.message).toContain(message);
    expect(error.message).not.toContain("login");
  });

  test("a success with an encoding that nobody asked for says so", async () => {
    const error = await failing(200, "????", {
      "content-type": "application/json",
      "content-encoding": "pied-piper",
    });
    expect(error.code).toBe(Code.Unknown);
    expect(error.status.message).toContain("content-encoding pied-piper");
  });

  test("a response in broken UTF-8 is an error", async () => {
    const error = await failing(200, Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]));
    expect(error.code).toBe(Code.Unknown);
  });
});

describe("a success", () => {
  async function calling(status: number, body: string, headers: Record<string, string> = {}) {
    const server = await startHttpServer((request, response) => {
      request.resume();
      response.writeHead(status, headers).end(body);
    });
    return createClient(Operations, createTestTransport({ baseUrl: server.baseUrl }));
  }

  test("may have an error in it: that one is the operation's", async () => {
    const client = await calling(200, '{"name":"operations/1","done":true,"error":{"code":5,"message":"x"}}');
    expect(await client.getOperation({ name: "operations/1" })).toMatchObject({
      done: true,
      result: { case: "error", value: { code: 5, message: "x" } },
    });
  });

  test.each<[string, number, string]>([
    ["204 and no body", 204, ""],
    ["no body", 200, ""],
    ["an object", 200, "{}"],
    ["unknown fields", 200, '{"new":[1,{"a":null}]}'],
    ["a byte order mark", 200, "\ufeff{}"],
  ])("of a method without a response may have %s", async (_what, status, body) => {
    const client = await calling(status, body);
    expect(await client.deleteOperation({ name: "operations/1" })).toEqual({
      $typeName: "google.protobuf.Empty",
    });
  });

  test.each([undefined, "text/plain; charset=utf-8", "application/octet-stream"])(
    "needs no JSON content type: %s",
    async (type) => {
      const client = await calling(
        200,
        '{"name":"operations/1"}',
        type === undefined ? {} : { "content-type": type },
      );
      expect(await client.getOperation({ name: "operations/1" })).toMatchObject({ name: "operations/1" });
    },
  );

  test("shows its headers to the caller", async () => {
    const client = await calling(200, "{}", { "x-a": "1" });
    const seen: (string | null)[] = [];
    await client.cancelOperation(
      { name: "operations/1" },
      {
        onHeader: (headers) => seen.push(headers.get("x-a")),
        onTrailer: (trailer) => seen.push(...trailer.keys()),
      },
    );
    expect(seen).toEqual(["1"]);
  });
});
