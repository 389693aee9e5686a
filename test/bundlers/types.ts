// SPDX-License-Identifier: Apache-2.0
import { CallError, type Outcome } from "longrunning";
import { createAdManagerClient } from "longrunning/admanager";
import { googleAuth } from "longrunning/auth";
import { startEmulator } from "longrunning/emulator";
import { type Operation, OperationSchema } from "longrunning/gen/google/longrunning/operations_pb";
import { StatusSchema } from "longrunning/gen/google/rpc/status_pb.js";
import { createGrpcTransport } from "longrunning/grpc";
import { httpRulesFromServiceConfig } from "longrunning/service-config";
import { createFakeOperations } from "longrunning/testing";

export const state = async (name: string): Promise<Outcome["state"]> =>
  (await createAdManagerClient().cancelAndWait(name)).state;
export const textOf = (error: unknown): string => (error instanceof CallError ? error.reason : "");
export const nameOf = (operation: Operation): string => operation.name;
export const all = [
  googleAuth,
  startEmulator,
  OperationSchema,
  StatusSchema,
  createGrpcTransport,
  httpRulesFromServiceConfig,
  createFakeOperations,
];
