// SPDX-License-Identifier: Apache-2.0
import { type CallError, copyCallError, toCallError } from "../errors/call-error.js";
import { redactError } from "../errors/redaction.js";
import { redactText, type SecretForms } from "../errors/secrets.js";
import { sentForms } from "../errors/sent-secrets.js";

/** An error for an event: without secrets, also where the program has put one into the operation's name. */
export function eventError(error: unknown, forms: SecretForms = sentForms()): CallError {
  const failed = toCallError(redactError(error, forms));
  const { operationName } = failed;
  if (operationName === undefined) return failed;
  const redacted = redactText(operationName, forms);
  return redacted === operationName ? failed : copyCallError(failed, { operationName: redacted });
}
