// SPDX-License-Identifier: Apache-2.0
import { createRegistry, type Registry } from "@bufbuild/protobuf";
import type { Interceptor, Transport } from "@connectrpc/connect";
import {
  AD_MANAGER_SCOPE,
  type AdManagerClient,
  AdManagerErrorSchema,
  createAdManagerClient,
  RunReportMetadataSchema,
  RunReportResponseSchema,
} from "../../admanager.js";
import type { GrpcTransport, GrpcTransportOptions } from "../../grpc.js";
import {
  createOperationsClient,
  createRestTransport,
  type OperationHandle,
  type OperationsClient,
  type RestTransport,
  type RestTransportOptions,
} from "../../index.js";
import type { Settings } from "../arguments/settings.js";
import type { CallPlace } from "../output/advice.js";
import { UsageError } from "../usage-error.js";
import { apiOf } from "./api.js";
import { interceptorsFor } from "./credentials.js";

type Calls = Omit<OperationsClient, "operation" | "fromJSON" | "cancelAndWait">;

/** The API that a command speaks to. */
export interface Target {
  readonly client: Calls & { operation(name: string): OperationHandle<unknown, unknown> };
  /** Starts a run of a report; `undefined` unless the API is Ad Manager. */
  readonly runReport: AdManagerClient["runReport"] | undefined;
  /** The transport when it speaks REST, to see what it would send. */
  readonly rest: RestTransport | undefined;
  /** Types that operations and errors may carry. */
  readonly registry: Registry;
  readonly place: CallPlace;
  close(): Promise<void>;
}

const REGISTRY = createRegistry(RunReportMetadataSchema, RunReportResponseSchema, AdManagerErrorSchema);

/**
 * Makes the client that the settings ask for. Ad Manager it is when nothing else is said, or when the names are its own;
 * every other API needs an endpoint, or a service configuration that names one.
 */
export async function openTarget(settings: Settings, names: readonly string[]): Promise<Target> {
  const { request, context } = settings;
  const { isAdManager, baseUrl, httpRules } = await apiOf(settings, names);
  const { endpoint: _endpoint, serviceConfig: _config, httpPrefix: _prefix, ...others } = request;
  const scopes = isAdManager ? [AD_MANAGER_SCOPE] : undefined;
  const interceptors = await interceptorsFor({ ...others, baseUrl, httpRules }, scopes, context);
  const common = { baseUrl: baseUrl.value, allowInsecure: request.allowInsecure?.value, interceptors };
  const isGrpc = request.transport?.value === "grpc";
  const rest = isGrpc ? undefined : restTransport({ ...common, httpRules: httpRules.value });
  const transport = rest ?? (await grpcTransport(common));
  return {
    ...clientOf(settings, isAdManager, transport),
    rest,
    registry: REGISTRY,
    place: { baseUrl: baseUrl.value, isAdManager, env: context.env },
    close: () => transport.close(),
  };
}

/** A REST transport that refuses what has no HTTP rule before it asks for a credential. */
function restTransport(options: RestTransportOptions): RestTransport {
  const refuseUnbound: Interceptor = (next) => (request) => {
    if (!request.stream) rest.describe(request.method, request.message);
    return next(request);
  };
  const interceptors = [refuseUnbound, ...(options.interceptors ?? [])];
  const rest = usable(() => createRestTransport({ ...options, interceptors }));
  return rest;
}

async function grpcTransport(options: GrpcTransportOptions): Promise<GrpcTransport> {
  const { createGrpcTransport } = await import("../../grpc.js");
  return usable(() => createGrpcTransport(options));
}

/** The message of a transport without its advice about `allowInsecure`, which is a flag here. */
function withoutOptionAdvice(message: string): string {
  const start = message.indexOf(". Use https, or set allowInsecure");
  const end = message.indexOf(";", start);
  return start === -1 || end === -1 ? message : message.slice(0, start) + message.slice(end);
}

/** A transport refuses an endpoint that it cannot use; here, that is a flag that was mistyped. */
function usable<T>(create: () => T): T {
  try {
    return create();
  } catch (cause) {
    if (!(cause instanceof TypeError)) throw cause;
    const isInsecure = cause.message.includes("plain http");
    throw new UsageError(`--endpoint ${withoutOptionAdvice(cause.message).replace(/^baseUrl /, "")}`, {
      cause,
      ...(isInsecure && { next: "use https:, or --allow-insecure, which sends everything unencrypted" }),
    });
  }
}

function clientOf({ flags }: Settings, isAdManager: boolean, transport: Transport) {
  const { interval, retry } = flags;
  const options = {
    transport,
    registry: REGISTRY,
    ...(interval !== undefined && { polling: { initialMs: interval, maxMs: interval, jitter: 0 } }),
    ...(retry !== undefined && { retry: retry === 0 ? (false as const) : { maxAttempts: retry + 1 } }),
  };
  if (!isAdManager) return { client: createOperationsClient(options), runReport: undefined };
  const adManager = createAdManagerClient(options);
  // The calls that Ad Manager does not have are there too: they say so.
  return {
    client: Object.assign(createOperationsClient(options), adManager),
    runReport: adManager.runReport,
  };
}
