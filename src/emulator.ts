// SPDX-License-Identifier: Apache-2.0

export type { EmulatorOperations, OperationEnd, OperationView } from "./emulator/emulator-operations.js";
export type { Fault, FaultEffect, FaultTarget } from "./emulator/faults/fault.js";
export type { Faults } from "./emulator/faults/faults.js";
export type { ReportRuns } from "./emulator/operations/report-service.js";
export type {
  MetadataStep,
  OnCancel,
  OperationBehaviour,
  OperationScript,
} from "./emulator/operations/script.js";
export type { EmulatorOptions, TlsOptions } from "./emulator/options.js";
export type { CallProtocol, RecordedCall } from "./emulator/record.js";
export type { TypedScript } from "./emulator/script/method-script.js";
export type { TlsFiles } from "./emulator/server/http-servers.js";
export type {
  Course,
  CourseStep,
  OperationCourse,
  OperationImplementation,
  ServiceOperationsImpl,
} from "./emulator/service-operations.js";
export type { Serve } from "./emulator/simulated-server.js";
export type { Emulator } from "./emulator/start-emulator.js";
export { startEmulator } from "./emulator/start-emulator.js";
