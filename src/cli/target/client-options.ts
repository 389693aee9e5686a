// SPDX-License-Identifier: Apache-2.0
import { createRegistry } from "@bufbuild/protobuf";
import type { Interceptor } from "@connectrpc/connect";
import { AdManagerErrorSchema, RunReportMetadataSchema, RunReportResponseSchema } from "../../admanager.js";
import type { OperationsClientOptions, RestTransport } from "../../index.js";
import type { Settings } from "../arguments/settings.js";
import { UsageError } from "../usage-error.js";

/** Message types in operations and errors. */
export const REGISTRY = createRegistry(
  RunReportMetadataSchema,
  RunReportResponseSchema,
  AdManagerErrorSchema,
);

/** The options of every client, from the flags. */
export function clientOptions({ flags }: Settings): Omit<OperationsClientOptions, "transport"> {
  const { interval, retry } = flags;
  return {
    registry: REGISTRY,
    ...(interval !== undefined && { polling: { initialMs: interval, maxMs: interval, jitter: 0 } }),
    ...(retry !== undefined && { retry: retry === 0 ? (false as const) : { maxAttempts: retry + 1 } }),
  };
}

/** Rejects calls without an HTTP rule before a credential is fetched. */
export function refuseUnsendable(rest: () => Pick<RestTransport, "describe">): Interceptor {
  return (next) => (request) => {
    if (!request.stream) rest().describe(request.method, request.message);
    return next(request);
  };
}

/** Converts a client's error about its endpoint to a usage error about the flag. */
export function endpointError(cause: unknown): unknown {
  if (!(cause instanceof TypeError)) return cause;
  const isInsecure = cause.message.includes("plain http");
  return new UsageError(flagMessage(cause.message), {
    cause,
    ...(isInsecure && { next: "use https:, or --allow-insecure, which sends everything unencrypted" }),
  });
}

const INSECURE_OPTION = ", or allowInsecure: true";

/** Converts a transport's message about `baseUrl` to one about the flag, without its advice on `allowInsecure`. */
function flagMessage(message: string): string {
  const [problem = ""] = message.replace(/^baseUrl: /, "--endpoint: ").split(INSECURE_OPTION, 1);
  return message.includes(INSECURE_OPTION) ? `${problem})` : problem;
}
