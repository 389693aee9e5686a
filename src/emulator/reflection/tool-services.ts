// SPDX-License-Identifier: Apache-2.0
import type { DescService } from "@bufbuild/protobuf";
import type { ServiceImpl, ServiceImplSpec } from "@connectrpc/connect";
import { type CallHooks, serviceSpec } from "../service.js";
import { toolServices } from "./descriptors.js";
import { createHealthService } from "./health-service.js";
import { createReflectionService } from "./reflection-service.js";

/** Calls of tools are recorded like all others, but never get faults, which are for the services under test. */
const HOOKS: CallHooks = {
  faults: { add: () => () => {}, clear: () => {}, strike: () => undefined },
  saved: () => undefined,
};

/** gRPC's tool services, reflection (v1 and v1alpha) and health, for the given services and themselves. */
export function createToolServices(services: () => readonly DescService[]): readonly ServiceImplSpec[] {
  const { reflection, health } = toolServices();
  const all = () => [...services(), ...reflection, health];
  const isServed = (name: string) => all().some(({ typeName }) => typeName === name);
  const implementation = createReflectionService(all);
  return [
    ...reflection.map((service) => specOf(service, implementation)),
    specOf(health, createHealthService(isServed)),
  ];
}

/** The messages are only known at run time, so there are no TypeScript types for an implementation. */
function specOf(service: DescService, implementation: object): ServiceImplSpec {
  return serviceSpec(service, implementation as Partial<ServiceImpl<DescService>>, HOOKS);
}
