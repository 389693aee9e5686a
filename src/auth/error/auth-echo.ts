// SPDX-License-Identifier: Apache-2.0
import type { CallError } from "../../errors/call-error.js";
import { SHORTEST_SECRET, withoutSecrets } from "./redaction.js";

/** How deep an error is looked through: its details' fields, its cause's cause. */
const DEPTH = 4;

/** The parts of an error that its maker can choose. */
export interface ErrorParts {
  readonly message: string;
  readonly metadata: Headers;
  readonly details: CallError["details"];
  readonly cause: unknown;
}

/**
 * The parts of a failed call's error, without the credentials that the call was sent with. There are servers and proxies that
 * answer with the request they got. Where one did, whatever holds a credential is left out as a whole.
 */
export function partsWithoutEcho(error: CallError, secrets: readonly string[]): ErrorParts {
  const holds = (value: unknown) => secrets.some((secret) => isHeldBy(value, secret, DEPTH));
  const metadata = new Headers(error.metadata);
  for (const [name, value] of error.metadata) {
    if (holds(value)) metadata.delete(name);
  }
  return {
    message: withoutSecrets(error.status.message, secrets),
    metadata,
    details: error.details.filter((detail) => !holds(detail)),
    cause: holds(error.cause) ? new Error("left out: it repeats the credential") : error.cause,
  };
}

/** Whether the credential shows in any part of an error. */
export function hasEcho(error: CallError, secrets: readonly string[]): boolean {
  return secrets.some((secret) =>
    [error.message, error.stack, error.metadata, error.details, error.cause].some((part) =>
      isHeldBy(part, secret, DEPTH),
    ),
  );
}

function isHeldBy(value: unknown, secret: string, depth: number): boolean {
  if (typeof value === "string") return secret.length >= SHORTEST_SECRET && value.includes(secret);
  if (typeof value !== "object" || value === null || depth === 0) return false;
  if (value instanceof Uint8Array) return new TextDecoder().decode(value).includes(secret);
  const parts: unknown[] = value instanceof Headers ? [...value.values()] : Object.values(value);
  // Not enumerable in an error, and an error of Node itself is no `instanceof Error` in a vm context.
  for (const name of ["message", "stack", "cause"]) parts.push(Reflect.get(value, name));
  return parts.some((part) => isHeldBy(part, secret, depth - 1));
}
