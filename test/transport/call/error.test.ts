// SPDX-License-Identifier: Apache-2.0
import { Code, ConnectError } from "@connectrpc/connect";
import { Operations } from "../../../gen/google/longrunning/operations_pb.js";
import { CallError } from "../../../src/index.js";
import { callErrorOf } from "../../../src/transport/call/error.js";
import { namedMethodOf } from "../../../src/transport/call/method.js";

const method = namedMethodOf(Operations.method.cancelOperation, "POST");
const reason = new Error("superseded");
const aborted = AbortSignal.abort(reason);

const failureOf = (error: unknown, signal?: AbortSignal) =>
  callErrorOf(error, { method, message: { name: "operations/1" }, requestSent: true, signal });

test("names the method and the operation", () => {
  expect(failureOf(new ConnectError("no", Code.NotFound))).toMatchObject({
    code: Code.NotFound,
    reason: "not-found",
    method: "google.longrunning.Operations.CancelOperation",
    operationName: "operations/1",
    requestSent: true,
  });
});

test.each([
  ["the reason itself", reason],
  ["an error that Connect made of it", ConnectError.from(reason, Code.Canceled)],
  [
    "what Connect makes of an AbortError, which drops it",
    new ConnectError("This operation was aborted", Code.Canceled),
  ],
])("after an abort, %s is the caller's doing", (_title, error) => {
  const failure = failureOf(error, aborted);
  expect(failure).toMatchObject({ code: Code.Canceled, reason: "aborted-by-caller" });
  expect(failure.cause).toBe(reason);
});

test.each([
  [
    "an answer",
    new CallError({ code: Code.Canceled, message: "cancelled there", requestSent: true }),
    "cancelled-call",
  ],
  ["the deadline", new ConnectError("the operation timed out", Code.DeadlineExceeded), "deadline-exceeded"],
  ["a bug of an interceptor", new TypeError("x is not a function"), "unknown"],
])("%s that came before an abort keeps its own error", (_title, error, want) => {
  expect(failureOf(error, aborted).reason).toBe(want);
});

test("without an abort, CANCELLED is the server's doing", () => {
  const error = new ConnectError("cancelled there", Code.Canceled);
  expect(failureOf(error, new AbortController().signal).reason).toBe("cancelled-call");
});
