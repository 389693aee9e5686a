// SPDX-License-Identifier: Apache-2.0

/**
 * What tests of code that follows operations need.
 *
 * @module
 */

export type { EmulatorOperations, OperationEnd, OperationView } from "../emulator/emulator-operations.js";
export type { Fault, FaultEffect, FaultTarget } from "../emulator/fault.js";
export type { Faults } from "../emulator/faults.js";
export type { CallProtocol, RecordedCall } from "../emulator/record.js";
export type { ReportRuns } from "../emulator/report-service.js";
export type { MetadataStep, OnCancel, OperationBehaviour, OperationScript } from "../emulator/script.js";
export type { FakeClock, FakeClockOptions } from "./fake-clock.js";
export { createFakeClock } from "./fake-clock.js";
export type { FakeOperations } from "./fake-operations.js";
export { createFakeOperations } from "./fake-operations.js";
export type { FakeOperationsOptions } from "./fake-options.js";
