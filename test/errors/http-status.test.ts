// SPDX-License-Identifier: Apache-2.0

import { Code } from "@connectrpc/connect";
import { codeFromHttpStatus, httpStatusFromCode } from "../../src/errors/http-status.js";

// The comments of google/rpc/code.proto.
test.each([
  [Code.Canceled, 499],
  [Code.Unknown, 500],
  [Code.InvalidArgument, 400],
  [Code.DeadlineExceeded, 504],
  [Code.NotFound, 404],
  [Code.AlreadyExists, 409],
  [Code.PermissionDenied, 403],
  [Code.Unauthenticated, 401],
  [Code.ResourceExhausted, 429],
  [Code.FailedPrecondition, 400],
  [Code.Aborted, 409],
  [Code.OutOfRange, 400],
  [Code.Unimplemented, 501],
  [Code.Internal, 500],
  [Code.Unavailable, 503],
  [Code.DataLoss, 500],
  [17 as Code, 500],
])("code %i goes out with HTTP status %i", (code, status) => {
  expect(httpStatusFromCode(code)).toBe(status);
});

test.each([
  [400, Code.InvalidArgument],
  [401, Code.Unauthenticated],
  [403, Code.PermissionDenied],
  [404, Code.NotFound],
  [409, Code.Aborted],
  [416, Code.OutOfRange],
  [429, Code.ResourceExhausted],
  [499, Code.Canceled],
  [501, Code.Unimplemented],
  [503, Code.Unavailable],
  [504, Code.DeadlineExceeded],
  [408, Code.FailedPrecondition], // other 4xx
  [413, Code.FailedPrecondition],
  [418, Code.FailedPrecondition],
  [500, Code.Internal],
  [502, Code.Internal], // other 5xx
  [599, Code.Internal],
  [101, Code.Unknown],
  [200, Code.Unknown], // never OK
  [302, Code.Unknown],
  [600, Code.Unknown],
])("HTTP status %i stands for code %i", (status, code) => {
  expect(codeFromHttpStatus(status)).toBe(code);
});
