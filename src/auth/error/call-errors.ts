// SPDX-License-Identifier: Apache-2.0
import { CallError, isCallError, toCallError } from "../../errors/call-error.js";
import type { Credential } from "../credential/credential.js";
import type { CallScopes } from "../scopes.js";
import { loginCommand, scopeAdvice } from "./auth-advice.js";
import { hasEcho, partsWithoutEcho } from "./auth-echo.js";
import { type Denied, explainDenial } from "./explain.js";
import { type TokenFailure, tokenFailureOf } from "./token-failure.js";

/** The error of a call that was not sent, because its credential could not be had. */
export function notAuthorized(
  error: unknown,
  credential: Credential,
  scopes: CallScopes,
  method: string,
): CallError {
  if (isCallError(error)) return toCallError(error, { method });
  const failure = tokenFailureOf(error, credential.secrets());
  return new CallError({
    code: failure.code,
    message: [
      `no token from ${credential.kind}: ${failure.message}`,
      ...remedies(failure.kind, credential, scopes),
    ].join(". "),
    method,
    cause: failure.cause,
    requestSent: false,
  });
}

function remedies(kind: TokenFailure["kind"], { advice }: Credential, scopes: CallScopes): string[] {
  if (kind === "broken") return [];
  if (kind === "refused") return [scopeAdvice(advice, scopes)];
  return [
    `Log in with ${loginCommand(scopes.wanted)}, or set GOOGLE_APPLICATION_CREDENTIALS to the path of a service account's ` +
      "key or an external account's configuration, or pass auth",
  ];
}

/**
 * The error of a call that was sent with a credential: as the transport threw it, followed by what to do when it is the
 * credential that was refused, and without the credential when the answer repeats it.
 *
 * @param secrets - the parts of the call's headers that the error must not hold.
 * @param sent - how often the call was sent.
 */
export function afterSending(
  error: CallError,
  denied: Denied,
  secrets: readonly string[],
  sent: number,
): CallError {
  const explanation = explainDenial(error, denied);
  const echoes = hasEcho(error, secrets);
  if (explanation === undefined && !echoes && sent === 1) return error;
  const { message, metadata, details, cause } = echoes
    ? partsWithoutEcho(error, secrets)
    : { message: error.status.message, metadata: error.metadata, details: error.details, cause: error.cause };
  return new CallError({
    code: error.code,
    message: [message, explanation].filter((text) => text !== undefined && text !== "").join(" - "),
    method: error.method,
    operationName: error.operationName,
    metadata,
    details,
    cause,
    httpStatus: error.httpStatus,
    requestSent: error.requestSent,
    attempts: error.attempts + sent - 1,
    reason: error.reason,
  });
}
