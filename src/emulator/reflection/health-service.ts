// SPDX-License-Identifier: Apache-2.0
import { Code, ConnectError, type HandlerContext } from "@connectrpc/connect";
import { untilAborted } from "../../time/abort.js";

const SERVING = 1;
const SERVICE_UNKNOWN = 3;

/** A request of `grpc.health.v1.Health`: a service by its full name, "" for the server. */
export interface HealthRequest {
  readonly service: string;
}

/** A response: a `ServingStatus`. */
interface HealthResponse {
  readonly status: number;
}

interface HealthService {
  readonly check: (request: HealthRequest) => HealthResponse;
  readonly watch: (request: HealthRequest, context: HandlerContext) => AsyncIterable<HealthResponse>;
}

/** `grpc.health.v1`: a service is serving if it exists. `Watch` sends one message and stays open. */
export function createHealthService(isServed: (service: string) => boolean): HealthService {
  const isThere = (service: string) => service === "" || isServed(service);
  return {
    check: ({ service }) => {
      if (isThere(service)) return { status: SERVING };
      throw new ConnectError(`service "${service.slice(0, 200)}" is not served`, Code.NotFound);
    },
    async *watch({ service }, { signal }) {
      yield { status: isThere(service) ? SERVING : SERVICE_UNKNOWN };
      await untilAborted(new Promise<never>(() => {}), signal);
    },
  };
}
