// SPDX-License-Identifier: Apache-2.0
import type { DescMethod } from "@bufbuild/protobuf";
import { invalidOption } from "../errors/options.js";
import { codeOfName } from "../names/code-name.js";
import type { MethodPolicy, RetryPolicy } from "./method-policy.js";

/** What a service config cannot set. */
type PolicyDefaults = Pick<RetryPolicy, "jitter" | "maxRetryDelayMs">;

/** A gRPC client never makes more attempts than this, whatever the configuration (gRFC A6). */
const MAX_ATTEMPTS = 5;

/**
 * Reads the `methodConfig` of a gRPC service config (grpc/doc/service_config.md), the form in which googleapis ships
 * `*_grpc_service_config.json`. Of the entries that name a method, the one that spells it out wins over the one for its
 * service, and that over the one for everything (`"name": [{}]`).
 *
 * @param config - the configuration, as JSON.parse gives it; undefined configures nothing.
 * @returns the lookup; it returns undefined for a method that no entry names.
 * @throws TypeError, with the place in the configuration, when an entry cannot be read.
 */
export function parseServiceConfig(
  config: unknown,
  owner: string,
  defaults: PolicyDefaults,
): (method: DescMethod) => MethodPolicy | undefined {
  const policies = new Map<string, MethodPolicy>();
  if (config !== undefined) {
    const entries = arrayAt(objectAt(config, owner).methodConfig ?? [], `${owner}.methodConfig`);
    for (const [index, entry] of entries.entries()) {
      const place = `${owner}.methodConfig[${index}]`;
      const { name, timeout, retryPolicy } = objectAt(entry, place);
      const policy: MethodPolicy = {
        timeoutMs: timeout === undefined ? undefined : millisecondsAt(timeout, `${place}.timeout`),
        retry: retryPolicy === undefined ? undefined : retryAt(retryPolicy, `${place}.retryPolicy`, defaults),
      };
      for (const key of keysAt(name ?? [], `${place}.name`)) policies.set(key, policy);
    }
  }
  return (method) =>
    policies.get(`${method.parent.typeName}/${method.name}`) ??
    policies.get(`${method.parent.typeName}/`) ??
    policies.get("/");
}

function keysAt(names: unknown, place: string): string[] {
  return arrayAt(names, place).map((name, index) => {
    const { service = "", method = "" } = objectAt(name, `${place}[${index}]`);
    if (typeof service !== "string" || typeof method !== "string") {
      throw invalidOption(`${place}[${index}]: service and method are strings`);
    }
    if (service === "" && method !== "")
      throw invalidOption(`${place}[${index}]: a method without a service`);
    return `${service}/${method}`;
  });
}

function retryAt(value: unknown, place: string, defaults: PolicyDefaults): RetryPolicy {
  const policy = objectAt(value, place);
  const codes = arrayAt(policy.retryableStatusCodes, `${place}.retryableStatusCodes`).map((name) => {
    const code = typeof name === "string" ? codeOfName(name) : undefined;
    if (code === undefined || code === 0)
      throw invalidOption(`${place}.retryableStatusCodes: no code is called ${String(name)}`);
    return code;
  });
  return {
    maxAttempts: Math.min(numberAt(policy.maxAttempts, `${place}.maxAttempts`, 2), MAX_ATTEMPTS),
    initialMs: millisecondsAt(policy.initialBackoff, `${place}.initialBackoff`),
    maxMs: millisecondsAt(policy.maxBackoff, `${place}.maxBackoff`),
    multiplier: numberAt(policy.backoffMultiplier, `${place}.backoffMultiplier`, 0),
    jitter: defaults.jitter,
    maxRetryDelayMs: defaults.maxRetryDelayMs,
    codes,
  };
}

function objectAt(value: unknown, place: string): Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw invalidOption(`${place} is not an object`);
  }
  return value as Readonly<Record<string, unknown>>;
}

function arrayAt(value: unknown, place: string): readonly unknown[] {
  if (!Array.isArray(value)) throw invalidOption(`${place} is not a list`);
  return value;
}

function numberAt(value: unknown, place: string, min: number): number {
  if (typeof value !== "number" || !Number.isFinite(value) || value < min) {
    throw invalidOption(
      `${place}: invalid value (got ${String(value)}; expected a number of at least ${min})`,
    );
  }
  return value;
}

/** A google.protobuf.Duration in its JSON form: seconds with up to nine decimals and an `s`. */
function millisecondsAt(value: unknown, place: string): number {
  const seconds = typeof value === "string" ? /^(\d+(?:\.\d{1,9})?)s$/.exec(value)?.[1] : undefined;
  if (seconds === undefined)
    throw invalidOption(`${place} is ${String(value)}; expected seconds, as in "0.5s"`);
  return Number(seconds) * 1000;
}
