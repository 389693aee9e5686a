// SPDX-License-Identifier: Apache-2.0
import type { Attributes } from "@opentelemetry/api";
import type { CallError } from "../errors/call-error.js";
import { codeName } from "../names/code-name.js";
import { addressOf } from "../transport/endpoint.js";

/** The stable RPC conventions that names, units and buckets come from (OpenTelemetry semantic conventions 1.45). */
export const SCHEMA_URL = "https://opentelemetry.io/schemas/1.45.0";

/** The buckets that the conventions advise for `rpc.client.call.duration`, in seconds. */
export const CALL_BUCKETS: readonly number[] = [
  0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10,
];

/** Buckets for waits, from a second to a day, in seconds. */
export const WAIT_BUCKETS: readonly number[] = [
  1, 2.5, 5, 10, 30, 60, 120, 300, 600, 1_800, 3_600, 7_200, 14_400, 43_200, 86_400,
];

/** `google.longrunning.Operations/GetOperation`, of the full name with a dot. */
export function rpcMethodOf(selector: string): string {
  const at = selector.lastIndexOf(".");
  return `${selector.slice(0, at)}/${selector.slice(at + 1)}`;
}

/**
 * What the end of a call adds. Conventions before 1.45 called the status `rpc.response.status_code`; it has both names, since
 * dashboards read either.
 */
export function endAttributes(error: CallError | undefined): Attributes {
  const status = error === undefined ? "OK" : codeName(error.code);
  return {
    "rpc.status_code": status,
    "rpc.response.status_code": status,
    ...(error !== undefined && { "error.type": status }),
  };
}

/** The request of an interceptor, as far as it says which server is called, and how. */
export interface RequestTarget {
  readonly url: string;
  readonly header: Headers;
  readonly service: { readonly typeName: string };
  readonly method: { readonly name: string };
}

/**
 * The RPC system and the server. REST with JSON is none of the conventions' systems, and `http` here. Connect's transports
 * set a content type before interceptors run; those of this library set none.
 */
export function targetAttributes({ url, header, service, method }: RequestTarget): Attributes {
  const contentType = header.get("content-type") ?? "";
  const isRpcPath = url.endsWith(`/${service.typeName}/${method.name}`);
  const isGrpc = contentType === "" ? isRpcPath : contentType.startsWith("application/grpc");
  const system = isGrpc ? "grpc" : isRpcPath ? "connectrpc" : "http";
  if (!URL.canParse(url)) return { "rpc.system.name": system };
  const { host, port } = addressOf(url);
  return { "rpc.system.name": system, "server.address": host, "server.port": port };
}
