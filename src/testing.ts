// SPDX-License-Identifier: Apache-2.0

/**
 * Fakes for tests of code that starts, polls and cancels operations, and the types that they share with the emulator of
 * `longrunning/emulator`.
 *
 * @module
 */

export type { EmulatorOperations, OperationEnd, OperationView } from "./emulator/emulator-operations.js";
export type { Fault, FaultEffect, FaultTarget } from "./emulator/faults/fault.js";
export type { Faults } from "./emulator/faults/faults.js";
export type { ReportRowsScript } from "./emulator/operations/report-rows.js";
export type { ReportRuns } from "./emulator/operations/report-service.js";
export type { ReportScript } from "./emulator/operations/saved-reports.js";
export type {
  MetadataStep,
  OnCancel,
  OperationBehaviour,
  OperationScript,
} from "./emulator/operations/script.js";
export type { CallProtocol, RecordedCall } from "./emulator/record.js";
export type { TypedScript } from "./emulator/script/method-script.js";
export type {
  Course,
  CourseStep,
  OperationCourse,
  OperationImplementation,
  ServiceOperationsImpl,
} from "./emulator/service-operations.js";
export type { Serve } from "./emulator/simulated-server.js";
export type { FakeClock, FakeClockOptions } from "./testing/fake-clock.js";
export { createFakeClock } from "./testing/fake-clock.js";
export type { FakeOperations, FakeOperationsOptions } from "./testing/fake-operations.js";
export { createFakeOperations } from "./testing/fake-operations.js";
