// SPDX-License-Identifier: Apache-2.0
import type { DescService } from "@bufbuild/protobuf";
import type { ConnectRouter, ServiceImpl, ServiceImplSpec } from "@connectrpc/connect";

/** Puts services, with what happens around their calls, on a router of Connect. */
export function addRoutes(router: ConnectRouter, services: readonly ServiceImplSpec[]): ConnectRouter {
  for (const { service, methods } of services) {
    const implementation = Object.fromEntries(
      Object.entries(methods).map(([name, { impl }]) => [name, impl]),
    );
    // Connect derives the implementation's type from the service's; of a service known only at run time, it is
    // `undefined`.
    router.service(service, implementation as unknown as Partial<ServiceImpl<DescService>>);
  }
  return router;
}
