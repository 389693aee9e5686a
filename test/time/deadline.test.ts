// SPDX-License-Identifier: Apache-2.0
import { toTransportTimeoutMs } from "../../src/time/deadline.js";

test.each([
  [1, 1],
  [0.2, 1], // rounded up, since 0 would mean no timeout
  [1000.5, 1001],
  [2 ** 31 - 1, 2 ** 31 - 1],
  [2 ** 31, 0], // setTimeout would fire at once
  [Number.POSITIVE_INFINITY, 0],
])("gives a transport %d ms as %d", (timeoutMs, want) => {
  expect(toTransportTimeoutMs(timeoutMs)).toBe(want);
});
