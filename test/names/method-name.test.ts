// SPDX-License-Identifier: Apache-2.0

import { Operations } from "../../gen/google/longrunning/operations_pb.js";
import { selectorOf, shortNameOf } from "../../src/names/method-name.js";

test("names a method by package, service and method", () => {
  const selector = selectorOf(Operations.method.cancelOperation);
  expect(selector).toBe("google.longrunning.Operations.CancelOperation");
  expect(shortNameOf(selector)).toBe("CancelOperation");
});
