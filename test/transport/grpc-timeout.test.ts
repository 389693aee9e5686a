// SPDX-License-Identifier: Apache-2.0
import fc from "fast-check";
import { toGrpcTimeout } from "../../src/transport/grpc/http2/request.js";

test.each([
  [1, "1m"],
  [0.2, "1m"], // never 0: that deadline would have passed
  [1_500, "1500m"],
  [1_500.5, "1501m"],
  [99_999_999, "99999999m"],
  [100_000_000, "100000S"], // nine digits are not allowed
  [100_000_001, "100001S"],
  [99_999_999_000, "99999999S"],
  [99_999_999_001, "1666667M"],
  [Number.MAX_VALUE, "99999999H"],
])("writes %d ms as %s", (timeoutMs, want) => {
  expect(toGrpcTimeout(timeoutMs)).toBe(want);
});

test("is never shorter than the timeout, nor longer by more than its unit", () => {
  const units = { m: 1, S: 1_000, M: 60_000, H: 3_600_000 };
  fc.assert(
    fc.property(fc.double({ min: 0.001, max: 3e14, noNaN: true }), (timeoutMs) => {
      const [, digits = "", unit = ""] = /^(\d{1,8})([mSMH])$/.exec(toGrpcTimeout(timeoutMs)) ?? [];
      const unitMs = units[unit as keyof typeof units];
      expect(Number(digits) * unitMs).toBeGreaterThanOrEqual(timeoutMs);
      expect(Number(digits) * unitMs - timeoutMs).toBeLessThan(unitMs);
    }),
  );
});
