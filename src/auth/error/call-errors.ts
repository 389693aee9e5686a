// SPDX-License-Identifier: Apache-2.0
import { CallError, copyCallError, toCallError } from "../../errors/call-error.js";
import { isCallError } from "../../errors/is-call-error.js";
import { redactError } from "../../errors/redaction.js";
import type { SecretForms } from "../../errors/secrets.js";
import type { Credential } from "../credential/credential.js";
import type { CallScopes } from "../scopes.js";
import { type Denied, explainDenial, loginCommand, scopeAdvice } from "./explain.js";
import { type TokenFailure, tokenFailureOf } from "./token-failure.js";

/** The error of a call that was not sent because there was no credential for it. */
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
 * The error of a call that was sent with a credential: the transport's error, followed by advice if the credential was
 * rejected, and with the credential redacted if the response repeats it.
 *
 * @param secrets - values that the error must not contain.
 * @param sent - how often the call was sent.
 */
export function afterSending(
  error: CallError,
  denied: Denied,
  secrets: SecretForms,
  sent: number,
): CallError {
  const explanation = explainDenial(error, denied);
  const clean = redactError(error, secrets);
  if (explanation === undefined && sent === 1) return clean;
  const advice = explanation === undefined ? {} : { advice: explanation };
  return copyCallError(clean, { ...advice, attempts: clean.attempts + sent - 1 });
}
