// SPDX-License-Identifier: Apache-2.0

import { inspect } from "node:util";
import { runInNewContext } from "node:vm";
import { create } from "@bufbuild/protobuf";
import { anyIs } from "@bufbuild/protobuf/wkt";
import { Code, ConnectError } from "@connectrpc/connect";
import { ErrorInfoSchema, RetryInfoSchema } from "../../gen/google/rpc/error_details_pb.js";
import { CallError, type CallErrorInit, toCallError } from "../../src/errors/call-error.js";
import { findErrorDetails } from "../../src/errors/error-details.js";
import { isCallError } from "../../src/errors/is-call-error.js";

const method = "google.longrunning.Operations.CancelOperation";
const operationName = "networks/1/operations/reports/runs/2";

function callError(init: Partial<CallErrorInit> = {}): CallError {
  return new CallError({ code: Code.NotFound, message: "nope", requestSent: true, ...init });
}

/** The message without the code in front of it. */
const textOf = (error: CallError) => error.message.replace(/^\[\w+\] /, "");

describe("the message", () => {
  test("says what, on which name, what the server said and what to do", () => {
    const error = callError({
      code: Code.Unimplemented,
      message: "Method not found.",
      method,
      operationName,
    });
    expect(textOf(error)).toBe(
      'CancelOperation "networks/1/operations/reports/runs/2": Method not found. (the server does not implement ' +
        "cancelling this operation; it runs on, and can still be watched or waited for)",
    );
    expect(error.message).toBe(`[unimplemented] ${textOf(error)}`);
    expect(error.status.message).toBe("Method not found.");
  });

  test("makes do with what is known", () => {
    expect(textOf(callError({ code: Code.DataLoss, message: "m" }))).toBe("m");
    expect(textOf(callError({ code: Code.DataLoss, message: "m", operationName: "a" }))).toBe('"a": m');
    expect(textOf(callError({ code: Code.DataLoss, message: "", method }))).toBe(
      "CancelOperation: the server gave no message",
    );
    expect(textOf(callError({ message: "" }))).toMatch(/^check the name$/);
  });

  test("of a call that was not sent is the reason alone", () => {
    const error = callError({
      code: Code.InvalidArgument,
      message: "the name is empty",
      method,
      requestSent: false,
    });
    expect(textOf(error)).toBe("CancelOperation: the name is empty");
  });

  test("is bounded, and shows no control characters of a name", () => {
    const error = callError({ message: "m".repeat(100_000), operationName: `a\n${"b".repeat(100_000)}` });
    expect(textOf(error).length).toBeLessThan(3_000);
    expect(textOf(error)).toContain('"a\\nbbb');
    expect(error.status.message).toHaveLength(100_000);
  });
});

test.each<[Code, string]>([
  [Code.Canceled, "cancelled-call"],
  [Code.Unknown, "unknown"],
  [Code.InvalidArgument, "invalid-argument"],
  [Code.DeadlineExceeded, "deadline-exceeded"],
  [Code.NotFound, "not-found"],
  [Code.AlreadyExists, "already-exists"],
  [Code.PermissionDenied, "permission-denied"],
  [Code.ResourceExhausted, "rate-limited"],
  [Code.FailedPrecondition, "failed-precondition"],
  [Code.Aborted, "aborted"],
  [Code.OutOfRange, "out-of-range"],
  [Code.Unimplemented, "unimplemented"],
  [Code.Internal, "internal"],
  [Code.Unavailable, "unavailable"],
  [Code.DataLoss, "data-loss"],
  [Code.Unauthenticated, "unauthenticated"],
  [99 as Code, "unknown"],
])("the reason of code %i is %s", (code, reason) => {
  expect(callError({ code, method: "google.longrunning.Operations.GetOperation" }).reason).toBe(reason);
});

test("UNIMPLEMENTED to CancelOperation is a reason of its own, if the server said it", () => {
  const code = Code.Unimplemented;
  expect(callError({ code, method }).reason).toBe("cancel-unsupported");
  expect(callError({ code, method, requestSent: false }).reason).toBe("unimplemented");
});

test("a reason that the caller knows wins", () => {
  expect(callError({ code: Code.Canceled, reason: "aborted-by-caller" }).reason).toBe("aborted-by-caller");
});

describe("as a ConnectError", () => {
  test("it is one, for every check that Connect has", () => {
    const error: unknown = callError({ metadata: { "retry-after": "1" }, cause: "why" });
    expect(error instanceof ConnectError).toBe(true);
    expect(error instanceof Error).toBe(true);
    expect(ConnectError.from(error)).toBe(error);
    expect(error).toMatchObject({ name: "ConnectError", code: Code.NotFound, cause: "why" });
  });

  test("it is told apart from other ConnectErrors", () => {
    expect(new ConnectError("m") instanceof CallError).toBe(false);
    expect(isCallError(new ConnectError("m"))).toBe(false);
    expect([undefined, null, "x", {}, new Error("x")].some(isCallError)).toBe(false);
  });

  test("it is recognised across copies of the library", () => {
    const other = { [Symbol.for("longrunning.CallError")]: true };
    expect(other instanceof CallError).toBe(true);
    expect(isCallError(other)).toBe(true);
  });

  test("classes derived from it are told apart from it", () => {
    class Special extends CallError {}
    const special = new Special({ code: Code.Aborted, message: "m", requestSent: true });
    expect([special instanceof Special, special instanceof CallError]).toEqual([true, true]);
    expect(callError() instanceof Special).toBe(false);
  });
});

describe("fields", () => {
  test("errorInfo and retryDelayMs come from the details, and every detail is in status", () => {
    const error = callError({
      details: [
        { desc: ErrorInfoSchema, value: { reason: "R", domain: "d", metadata: { a: "b" } } },
        { desc: RetryInfoSchema, value: { retryDelay: { seconds: 1n, nanos: 500_000_000 } } },
        { type: "no.such.Type", value: Uint8Array.of(8, 1) },
      ],
    });
    expect(error.errorInfo).toMatchObject({ reason: "R", domain: "d", metadata: { a: "b" } });
    expect(error.retryDelayMs).toBe(1_500);
    expect(error.status.code).toBe(5);
    expect(error.status.details.map((any) => any.typeUrl)).toEqual([
      "type.googleapis.com/google.rpc.ErrorInfo",
      "type.googleapis.com/google.rpc.RetryInfo",
      "type.googleapis.com/no.such.Type",
    ]);
    expect(error.status.details[0] && anyIs(error.status.details[0], ErrorInfoSchema)).toBe(true);
  });

  test("are undefined where nobody said anything", () => {
    expect(callError()).toMatchObject({
      errorInfo: undefined,
      retryDelayMs: undefined,
      requestId: undefined,
      httpStatus: undefined,
      attempts: 1,
    });
    expect(callError({ details: [{ desc: RetryInfoSchema, value: {} }] }).retryDelayMs).toBeUndefined();
  });

  test("details that no schema takes are left out, and the others stay", () => {
    const details = [
      { desc: RetryInfoSchema, value: { retryDelay: { nanos: "x" } } },
      { desc: ErrorInfoSchema, value: { reason: "R" } },
    ];
    expect(callError({ details }).findDetails(ErrorInfoSchema)).toEqual([
      create(ErrorInfoSchema, { reason: "R" }),
    ]);
  });

  test.each([
    [{ "x-cloud-trace-context": "t", "x-request-id": "r", "x-goog-correlation-id": "c" }, "c"],
    [{ "x-cloud-trace-context": "t", "x-request-id": "r" }, "r"],
    [{ "x-cloud-trace-context": "t" }, "t"],
  ])("requestId comes from the first of the headers in %j", (metadata, requestId) => {
    expect(callError({ metadata: new Headers(metadata) }).requestId).toBe(requestId);
  });
});

test("finds details in the errors of other transports too", () => {
  const error = new ConnectError("m", Code.Aborted, undefined, [
    { desc: ErrorInfoSchema, value: { reason: "R" } },
  ]);
  expect(findErrorDetails(error, ErrorInfoSchema)).toEqual([create(ErrorInfoSchema, { reason: "R" })]);
});

describe("printing", () => {
  const secret = "ya29.secret";
  const error = callError({
    method,
    operationName,
    httpStatus: 502,
    attempts: 3,
    metadata: { "set-cookie": secret, "x-request-id": "r" },
    cause: Object.assign(new Error(secret), { body: secret }),
    details: [
      { desc: ErrorInfoSchema, value: { reason: "R" } },
      { type: "no.such.Type", value: Uint8Array.of(8, 1) },
    ],
  });

  test("as JSON gives plain values, without metadata and cause", () => {
    expect(JSON.parse(JSON.stringify(error))).toEqual({
      name: "ConnectError",
      code: "NOT_FOUND",
      reason: "not-found",
      message: textOf(error),
      method,
      operationName,
      httpStatus: 502,
      requestId: "r",
      attempts: 3,
      requestSent: true,
      details: [
        { "@type": "type.googleapis.com/google.rpc.ErrorInfo", reason: "R" },
        { "@type": "type.googleapis.com/no.such.Type", value: "CAE=" },
      ],
    });
  });

  test("as JSON leaves the HTTP status out where it says no more than the code", () => {
    expect(callError({ httpStatus: 404 }).toJSON()).toEqual(callError().toJSON());
  });

  test.each<[string, () => string]>([
    ["util.inspect", () => inspect(error, { depth: 9 })],
    ["util.inspect of what holds it", () => inspect(new Error("outer", { cause: error }), { depth: 9 })],
    ["util.inspect without customization", () => inspect({ ...error }, { depth: 9, customInspect: false })],
    ["its fields one by one", () => Object.entries(error).map(String).join()],
    ["JSON.stringify", () => JSON.stringify({ error })],
    ["String", () => String(error)],
    ["its stack", () => String(error.stack)],
  ])("by %s shows no secret", (_, print) => {
    expect(print()).not.toContain(secret);
    expect(print()).toContain("reports/runs/2");
  });

  test("shows the stack under its own name, and the fields that matter", () => {
    const text = inspect(error);
    expect(text).toMatch(/^ConnectError: \[not_found\] CancelOperation "networks/);
    expect(text).toContain("call-error.test");
    expect(text).toContain("reason: 'not-found'");
  });
});

describe("toCallError", () => {
  test("adds what a CallError lacks, and leaves a complete one alone", () => {
    const bare = callError({
      code: Code.Unimplemented,
      metadata: { "x-request-id": "r" },
      cause: "c",
      httpStatus: 501,
    });
    const full = toCallError(bare, { method, operationName, requestSent: false, attempts: 2 });
    expect(full).toMatchObject({
      method,
      operationName,
      attempts: 2,
      requestSent: true, // the error knew better
      requestId: "r",
      cause: "c",
      httpStatus: 501,
      reason: "cancel-unsupported", // follows from the method
    });
    expect(textOf(full)).toMatch(/^CancelOperation "networks\/1.*": nope \(the server/);
    expect(toCallError(full, { method: "x.Y", operationName: "other" })).toBe(full);
    expect(toCallError(full, { reason: "aborted-by-caller" }).reason).toBe("aborted-by-caller");
  });

  test("keeps a reason that somebody gave", () => {
    const error = callError({ code: Code.Canceled, reason: "aborted-by-caller" });
    expect(toCallError(error, { method }).reason).toBe("aborted-by-caller");
  });

  test("takes over a ConnectError with code, words, details and metadata", () => {
    const error = new ConnectError("said", Code.Aborted, { a: "b" }, [
      { desc: ErrorInfoSchema, value: { reason: "R" } },
    ]);
    const wrapped = toCallError(error, { method });
    expect(wrapped).toMatchObject({
      code: Code.Aborted,
      requestSent: true,
      reason: "aborted",
      errorInfo: { reason: "R" },
    });
    expect([wrapped.status.message, wrapped.metadata.get("a")]).toEqual(["said", "b"]);
  });

  test("gives equal errors whether a detail came with Connect's debug JSON or without", () => {
    const value = Uint8Array.of(10, 1, 82); // reason: "R"
    const [plain, debugged] = [undefined, { reason: "R" }].map((debug) => {
      const error = new ConnectError("m", Code.Aborted);
      error.details = [{ type: "google.rpc.ErrorInfo", value, ...(debug && { debug }) }];
      return toCallError(error);
    });
    expect(debugged?.details).toStrictEqual(plain?.details);
    expect(debugged?.toJSON()).toEqual(plain?.toJSON());
    expect(debugged?.errorInfo?.reason).toBe("R");
  });

  const reset = Object.assign(new Error("read ECONNRESET"), { code: "ECONNRESET" });
  test.each<[string, unknown]>([
    ["as it is", reset],
    ["below a failed fetch", new TypeError("fetch failed", { cause: reset })],
    ["as Connect names it", new ConnectError("read ECONNRESET", Code.Aborted, undefined, undefined, reset)],
    [
      "of another realm",
      runInNewContext(`Object.assign(new Error("read ECONNRESET"), { code: "ECONNRESET" })`),
    ],
  ])("makes a broken connection UNAVAILABLE, %s", (_, error) => {
    const wrapped = toCallError(error);
    expect(wrapped).toMatchObject({ code: Code.Unavailable, reason: "unavailable" });
    expect(wrapped.status.message).toBe("the connection failed: read ECONNRESET");
    expect(wrapped.cause).toBeDefined();
  });

  test("leaves an abort one, though it also breaks the connection", () => {
    const error = new ConnectError("This operation was aborted", Code.Canceled, undefined, undefined, reset);
    expect(toCallError(error)).toMatchObject({ code: Code.Canceled, reason: "cancelled-call" });
    expect(toCallError(error, { reason: "aborted-by-caller" }).reason).toBe("aborted-by-caller");
  });

  test.each(["AbortError", "TimeoutError"])("takes the %s of an AbortSignal for what it is", (name) => {
    expect(toCallError(new DOMException("This operation was aborted", name))).toMatchObject({
      code: Code.Canceled,
      reason: "aborted-by-caller",
    });
  });

  test.each<[unknown, string]>([
    [new RangeError("too far"), "too far"],
    ["text", "text"],
    [undefined, "a value of type undefined was thrown"],
    [Object.create(null), "a value of type object was thrown"],
    [Symbol("x"), "a value of type symbol was thrown"],
  ])("makes anything else UNKNOWN (%p)", (thrown, message) => {
    const wrapped = toCallError(thrown);
    expect([wrapped.code, wrapped.status.message, wrapped.cause]).toEqual([Code.Unknown, message, thrown]);
  });

  test.each([
    [
      'Headers.append: "Bearer ya29.abc\n" is an invalid header value.',
      'Headers.append: "Bearer [hidden]\n" is an invalid header value.',
    ],
    [
      "Failed to parse URL from https://h/v1?a=1&key=abc&b=2",
      "Failed to parse URL from https://h/v1?a=1&key=[hidden]&b=2",
    ],
  ])("hides credentials that a client's error quotes", (message, want) => {
    expect(toCallError(new TypeError(message)).status.message).toBe(want);
    expect(toCallError(ConnectError.from(new TypeError(message))).status.message).toBe(want);
    expect(toCallError(new TypeError(message)).cause).toBeUndefined(); // Node prints the cause of an uncaught error
  });
});
