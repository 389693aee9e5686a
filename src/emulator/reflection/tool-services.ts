// SPDX-License-Identifier: Apache-2.0
import type { DescService } from "@bufbuild/protobuf";
import type { ServiceImpl, ServiceImplSpec } from "@connectrpc/connect";
import { type CallHooks, serviceSpec } from "../service.js";
import { toolServices } from "./descriptors.js";
import { createHealthService } from "./health-service.js";
import { createReflectionService } from "./reflection-service.js";

/** Tools are recorded like every client, and have no faults: those are for the services under test. */
const HOOKS: CallHooks = {
  faults: { add: () => () => {}, clear: () => {}, strike: () => undefined },
  saved: () => undefined,
};

/** The services that gRPC's tools expect: reflection (v1 and v1alpha) and health, about the given ones and themselves. */
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

/** The messages are known at run time only, so that TypeScript has no types of an implementation. */
function specOf(service: DescService, implementation: object): ServiceImplSpec {
  return serviceSpec(service, implementation as Partial<ServiceImpl<DescService>>, HOOKS);
}
