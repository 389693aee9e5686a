// SPDX-License-Identifier: Apache-2.0

import { isFullName } from "../../apis/full-name.js";
import type { GrpcTransport, GrpcTransportOptions } from "../../grpc.js";
import {
  createOperationsClient,
  createRestTransport,
  type HttpRuleJson,
  type OperationsClient,
  operationsHttpRules,
  type RestTransport,
  type RestTransportOptions,
} from "../../index.js";
import type { Given } from "../arguments/origin.js";
import type { Settings } from "../arguments/settings.js";
import { nameInUrl, versionInUrl } from "../full-name.js";
import { UsageError } from "../usage-error.js";
import { bodyLog } from "./body-log.js";
import { clientOptions, endpointError, refuseUnsendable } from "./client-options.js";
import { interceptorsFor } from "./credentials.js";
import { readServiceConfig } from "./service-config.js";
import type { Target } from "./target.js";

/** Opens an API outside the catalogue: its server must be given, and its HTTP rules unless it uses gRPC. */
export async function openOtherApi(settings: Settings, names: readonly string[]): Promise<Target> {
  const { request, context } = settings;
  const { endpoint, serviceConfig, httpPrefix, ...others } = request;
  const config = serviceConfig && (await readServiceConfig(serviceConfig, context));
  const baseUrl = endpoint ?? config?.baseUrl;
  if (baseUrl === undefined) {
    throw new UsageError("--api generic needs to know where the API is", { next: "give --endpoint URL" });
  }
  const httpRules = config?.httpRules ?? prefixRules(httpPrefix ?? defaultPrefix(names));
  const interceptors = [
    ...(await interceptorsFor({ ...others, baseUrl, httpRules }, undefined, context)),
    ...bodyLog(settings),
  ];
  const common = { baseUrl: baseUrl.value, allowInsecure: request.allowInsecure?.value, interceptors };
  const rest =
    request.transport?.value === "grpc"
      ? undefined
      : restTransport({ ...common, httpRules: httpRules.value });
  const transport = rest ?? (await grpcTransport(common));
  const client = createOperationsClient({ ...clientOptions(settings), transport });
  const plain = plainIn(endpoint?.origin === "typed");
  return {
    client: withFullNames(client, plain),
    adManager: undefined,
    rest: rest && {
      describe: (method, message) => rest.describe(method, withPlainName(message, plain)),
    },
    place: { baseUrl: baseUrl.value, isAdManager: false, api: undefined, env: context.env },
    typed: settings.typed,
    close: () => transport.close(),
  };
}

function restTransport(options: RestTransportOptions): RestTransport {
  const interceptors = [refuseUnsendable(() => rest), ...(options.interceptors ?? [])];
  const rest: RestTransport = usable(() => createRestTransport({ ...options, interceptors }));
  return rest;
}

async function grpcTransport(options: GrpcTransportOptions): Promise<GrpcTransport> {
  const { createGrpcTransport } = await import("../../grpc.js");
  return usable(() => createGrpcTransport(options));
}

function usable<T>(create: () => T): T {
  try {
    return create();
  } catch (cause) {
    throw endpointError(cause);
  }
}

type ToPlain = (name: string) => string;

/** The plain name in a full one, if the user has typed the server; the host in it is ignored. */
function plainIn(isTyped: boolean): ToPlain {
  return (name) => (isTyped && isFullName(name) ? (nameInUrl(name) ?? name) : name);
}

function withPlainName<T extends object>(message: T, plain: ToPlain): T {
  if (!("name" in message) || typeof message.name !== "string") return message;
  return { ...message, name: plain(message.name) };
}

function withFullNames(client: OperationsClient, plain: ToPlain): Target["client"] {
  return {
    cancelOperations: (names, options) => client.cancelOperations(plainNames(names, plain), options),
    getOperation: (name, options) => client.getOperation(plain(name), options),
    deleteOperation: (name, options) => client.deleteOperation(plain(name), options),
    listOperations: (list = {}) => client.listOperations({ ...list, name: plain(list.name ?? "") }),
    watchOperations: (list = {}) => client.watchOperations({ ...list, name: plain(list.name ?? "") }),
    waitOperations: (names, options) => client.waitOperations(plainNames(names, plain), options),
    operation: (name) => client.operation(plain(name)),
  };
}

function plainNames(
  names: Parameters<OperationsClient["cancelOperations"]>[0],
  plain: ToPlain,
): Parameters<OperationsClient["cancelOperations"]>[0] {
  if (!(Symbol.asyncIterator in names)) return names; // The commands pass no other form.
  return (async function* () {
    for await (const name of names) yield plain(name);
  })();
}

/** The prefix from the version in a pasted link. */
function defaultPrefix(names: readonly string[]): Given<string> {
  const version = names.map(versionInUrl).find((found) => found !== undefined);
  return { value: `/${version ?? "v1"}`, origin: "default", setting: "httpPrefix" };
}

function prefixRules(prefix: Given<string>): Given<readonly HttpRuleJson[]> {
  try {
    return { ...prefix, value: operationsHttpRules({ prefix: prefix.value }) };
  } catch (cause) {
    const problem = `is not usable (got "${prefix.value}"; expected a path such as /v1, or "")`;
    throw new UsageError(`--http-prefix: ${problem}`, { cause });
  }
}
