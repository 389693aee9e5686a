// SPDX-License-Identifier: Apache-2.0
import { Operations } from "../../gen/google/longrunning/operations_pb.js";
import { parseServiceConfig } from "../../src/retry/grpc-service-config.js";

const { getOperation, cancelOperation } = Operations.method;
const timeouts = (methodConfig: object[]) => {
  const find = parseServiceConfig({ methodConfig }, "config", { jitter: 0.2, maxRetryDelayMs: 1_000 });
  return [find(getOperation)?.timeoutMs, find(cancelOperation)?.timeoutMs];
};

const service = "google.longrunning.Operations";
const everything = { name: [{}], timeout: "1s" };
const itsService = { name: [{ service }], timeout: "2s" };
const itself = { name: [{ service, method: "GetOperation" }], timeout: "3s" };

test.each([
  [[], undefined, undefined],
  [[everything], 1000, 1000],
  [[everything, itsService], 2000, 2000],
  [[itsService, everything], 2000, 2000],
  [[itself, itsService, everything], 3000, 2000],
  [[itself], 3000, undefined],
  [[{ name: [{ service: "other.Service" }], timeout: "1s" }], undefined, undefined],
  [[{ name: [], timeout: "1s" }], undefined, undefined],
  [[{ timeout: "1s" }], undefined, undefined], // An entry without names applies to nothing.
])("takes the entry that names a method most exactly: %j", (entries, forGet, forCancel) => {
  expect(timeouts(entries)).toEqual([forGet, forCancel]);
});

test("reads durations in seconds with decimals, and caps attempts at five", () => {
  const retryPolicy = {
    maxAttempts: 50,
    initialBackoff: "0.000250000s",
    maxBackoff: "120s",
    backoffMultiplier: 1.3,
    retryableStatusCodes: ["UNAVAILABLE", "CANCELLED"],
  };
  const find = parseServiceConfig({ methodConfig: [{ name: [{}], retryPolicy }] }, "config", {
    jitter: 0.2,
    maxRetryDelayMs: 1_000,
  });
  expect(find(getOperation)).toEqual({
    timeoutMs: undefined,
    retry: {
      maxAttempts: 5,
      initialMs: 0.25,
      maxMs: 120_000,
      multiplier: 1.3,
      jitter: 0.2,
      maxRetryDelayMs: 1_000,
      codes: [14, 1],
    },
  });
});

test("configures nothing when there is none", () => {
  expect(
    parseServiceConfig(undefined, "config", { jitter: 0.2, maxRetryDelayMs: 1_000 })(getOperation),
  ).toBeUndefined();
  expect(
    parseServiceConfig({}, "config", { jitter: 0.2, maxRetryDelayMs: 1_000 })(getOperation),
  ).toBeUndefined();
});

const good = {
  maxAttempts: 3,
  initialBackoff: "1s",
  maxBackoff: "2s",
  backoffMultiplier: 1,
  retryableStatusCodes: ["ABORTED"],
};
const policy = (part: object) => ({ methodConfig: [{ name: [{}], retryPolicy: { ...good, ...part } }] });
test.each([
  ["x", "config is not an object"],
  [[], "config is not an object"],
  [{ methodConfig: {} }, "config.methodConfig is not a list"],
  [{ methodConfig: [1] }, "config.methodConfig[0] is not an object"],
  [{ methodConfig: [{ name: [{}] }, { name: {} }] }, "config.methodConfig[1].name is not a list"],
  [
    { methodConfig: [{ name: [{ service: 1 }] }] },
    "config.methodConfig[0].name[0]: service and method are strings",
  ],
  [
    { methodConfig: [{ name: [{ method: "M" }] }] },
    "config.methodConfig[0].name[0]: a method without a service",
  ],
  [
    { methodConfig: [{ timeout: "10" }] },
    'config.methodConfig[0].timeout is 10; expected seconds, as in "0.5s"',
  ],
  [
    { methodConfig: [{ timeout: 10 }] },
    'config.methodConfig[0].timeout is 10; expected seconds, as in "0.5s"',
  ],
  [
    policy({ maxAttempts: 1 }),
    "config.methodConfig[0].retryPolicy.maxAttempts: invalid value (got 1; expected a number of at least 2)",
  ],
  [
    policy({ maxAttempts: "3" }),
    "config.methodConfig[0].retryPolicy.maxAttempts: invalid value (got 3; expected a number of at least 2)",
  ],
  [policy({ initialBackoff: "-1s" }), "config.methodConfig[0].retryPolicy.initialBackoff is -1s;"],
  [policy({ retryableStatusCodes: ["CANCELED"] }), "retryableStatusCodes: no code is called CANCELED"],
  [policy({ retryableStatusCodes: ["OK"] }), "retryableStatusCodes: no code is called OK"],
  [policy({ retryableStatusCodes: undefined }), "retryableStatusCodes is not a list"],
])("refuses %j, saying where", (config, message) => {
  expect(() => parseServiceConfig(config, "config", { jitter: 0.2, maxRetryDelayMs: 1_000 })).toThrow(
    message,
  );
});
