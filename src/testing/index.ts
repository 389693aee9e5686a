// SPDX-License-Identifier: Apache-2.0

/**
 * What tests of code that follows operations need.
 *
 * @module
 */

export type { FakeClock, FakeClockOptions } from "./fake-clock.js";
export { createFakeClock } from "./fake-clock.js";
