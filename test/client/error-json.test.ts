// SPDX-License-Identifier: Apache-2.0
import { create, createRegistry } from "@bufbuild/protobuf";
import { anyPack, Int64ValueSchema } from "@bufbuild/protobuf/wkt";
import { AdManagerErrorSchema } from "../../gen/google/ads/admanager/v1/admanager_error_pb.js";
import { OperationSchema } from "../../gen/google/longrunning/operations_pb.js";
import { OperationError, snapshotOf, WaitTimeoutError } from "../../src/index.js";

const details = [
  anyPack(Int64ValueSchema, create(Int64ValueSchema, { value: 9_007_199_254_740_993n })),
  anyPack(AdManagerErrorSchema, create(AdManagerErrorSchema, { errorCode: "E", message: "m" })),
];
const snapshot = snapshotOf(
  create(OperationSchema, {
    name: "operations/1",
    done: true,
    result: { case: "error", value: { code: 9, message: "no", details } },
  }),
);

test("an OperationError is written with readable details, 64-bit integers included", () => {
  if (snapshot.state !== "failed") throw new Error("no failed operation");
  const error = new OperationError(snapshot, createRegistry(AdManagerErrorSchema));
  expect(JSON.parse(JSON.stringify(error))).toEqual({
    name: "OperationError",
    operationName: "operations/1",
    state: "failed",
    code: "FAILED_PRECONDITION",
    message: 'operation "operations/1" failed with FAILED_PRECONDITION: no',
    details: [
      { "@type": "type.googleapis.com/google.protobuf.Int64Value", value: "9007199254740993" },
      { "@type": "type.googleapis.com/google.ads.admanager.v1.AdManagerError", errorCode: "E", message: "m" },
    ],
  });
});

test.each([Number.POSITIVE_INFINITY, 5_000])(
  "a WaitTimeoutError of %d ms is written with the last state",
  (timeoutMs) => {
    const init = {
      operationName: "operations/1",
      snapshot,
      timeoutMs,
      elapsedMs: 5.5,
      polls: 2,
      cause: undefined,
    };
    const json = JSON.parse(JSON.stringify(new WaitTimeoutError(init)));
    expect(json).toMatchObject({
      name: "WaitTimeoutError",
      operationName: "operations/1",
      state: "failed",
      polls: 2,
    });
    expect(JSON.stringify(json).length).toBeLessThan(400);
  },
);
