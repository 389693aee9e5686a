// SPDX-License-Identifier: Apache-2.0

export type { Emulator } from "./emulator.js";
export { startEmulator } from "./emulator.js";
export type { EmulatorOperations, OperationEnd, OperationView } from "./emulator-operations.js";
export type { Fault, FaultEffect, FaultTarget } from "./fault.js";
export type { Faults } from "./faults.js";
export type { TlsOptions } from "./http-servers.js";
export type { EmulatorOptions } from "./options.js";
export type { CallProtocol, RecordedCall } from "./record.js";
export type { ReportRuns } from "./report-service.js";
export type { MetadataStep, OnCancel, OperationBehaviour, OperationScript } from "./script.js";
