// SPDX-License-Identifier: Apache-2.0
import { type CallError, copyCallError, toCallError } from "./call-error.js";
import { receivedDetails } from "./error-details.js";
import { redactText, type SecretForms } from "./secrets.js";

/** How far an error is searched: the depth of its causes and fields, and how many values in all. */
const MAX_DEPTH = 6;
const MAX_VALUES = 2_000;

/**
 * The error of a call without the secrets that its request carried. Some servers and proxies repeat the
 * request in their response. Text is redacted; a header, a detail or a cause that holds a secret is left out as a whole.
 *
 * @returns the same object when it holds none of them.
 */
export function redactError<E>(error: E, forms: SecretForms): E | CallError {
  if (forms.length === 0 || !holds(error, forms)) return error;
  const whole = toCallError(error);
  const metadata = new Headers();
  for (const [name, value] of whole.metadata) {
    if (!holds(`${name} ${value}`, forms)) metadata.append(name, value);
  }
  return copyCallError(whole, {
    message: redactText(whole.status.message, forms),
    metadata,
    details: receivedDetails(whole.details).filter((detail) => !holds([detail, detail.debug], forms)),
    ...(holds(whole.cause, forms) && { cause: new Error("left out: it repeats a credential") }),
  });
}

/** Whether a secret shows anywhere in a value: its texts and bytes, its fields (hidden ones, too), its causes. */
function holds(value: unknown, forms: SecretForms): boolean {
  const seen = new Set<object>();
  const isIn = (text: string) => forms.some((form) => text.includes(form));
  const search = (part: unknown, depth: number): boolean => {
    if (typeof part === "string") return isIn(part);
    if (typeof part !== "object" || part === null || depth > MAX_DEPTH) return false;
    if (seen.has(part) || seen.size >= MAX_VALUES) return false;
    seen.add(part);
    if (part instanceof Uint8Array) return isIn(new TextDecoder("latin1").decode(part));
    if (part instanceof Headers) return [...part].some((entry) => isIn(entry.join(" ")));
    // Inherited as a getter in some errors; everything else is read without running any code of the value's.
    const inherited = ["message", "stack", "cause"].map((name) => Reflect.get(part, name));
    const own = Object.values(Object.getOwnPropertyDescriptors(part)).map((field) => field.value);
    const listed = part instanceof Map || part instanceof Set ? [...part] : [];
    return [...inherited, ...own, ...listed].some((field) => search(field, depth + 1));
  };
  return search(value, 0);
}
