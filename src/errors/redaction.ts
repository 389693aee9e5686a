// SPDX-License-Identifier: Apache-2.0
import { type CallError, copyCallError, toCallError } from "./call-error.js";
import { receivedDetails } from "./error-details.js";

/** What stands where a secret stood. */
export const REDACTED = "[redacted]";

/** Shorter texts are no secrets; redacting them would redact half of every sentence. */
export const MIN_SECRET_LENGTH = 6;

/** How far an error is searched: the depth of its causes and fields, and how many values in all. */
const MAX_DEPTH = 6;
const MAX_VALUES = 2_000;

/** Headers that carry a credential by their name. */
const SECRET_HEADER = /authorization|api-key|token|secret|password|cookie/;

/** Secrets that were sent, in every form in which a response may repeat them. Empty where nothing secret was sent. */
export type SecretForms = readonly string[];

/** The secrets among the headers of a request: tokens, keys and cookies, and the password in `Basic` credentials. */
export function secretsInHeaders(headers: Iterable<readonly [string, string]>): string[] {
  const secrets = new Set<string>();
  for (const [name, value] of headers) {
    if (!SECRET_HEADER.test(name)) continue;
    const text = value.trim();
    const credential = text.replace(/^[\w-]+ +/, "");
    secrets.add(credential);
    if (name === "cookie") {
      for (const cookie of text.split(/; */)) secrets.add(cookie.slice(cookie.indexOf("=") + 1));
    }
    if (/^basic /i.test(text)) {
      const pair = fromBase64(credential);
      secrets.add(pair).add(pair.slice(pair.indexOf(":") + 1));
    }
  }
  return [...secrets].filter((secret) => secret.length >= MIN_SECRET_LENGTH);
}

/**
 * The forms in which texts repeat a secret: as it is, percent-encoded, in a JSON string, in hexadecimal, and in base64,
 * where it may begin at any of three places within a larger text.
 */
export function formsOf(secrets: readonly string[]): SecretForms {
  const forms = new Set<string>();
  for (const secret of secrets) {
    if (secret.length < MIN_SECRET_LENGTH) continue;
    const percent = encodeURIComponent(secret);
    const json = JSON.stringify(secret).slice(1, -1);
    forms.add(secret).add(percent).add(json).add(json.replaceAll("/", "\\/"));
    forms.add(percent.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase()));
    const bytes = new TextEncoder().encode(secret);
    const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
    forms.add(hex).add(hex.toUpperCase());
    for (const offset of [0, 1, 2]) {
      const base64 = base64Within(bytes, offset);
      forms.add(base64).add(base64.replaceAll("+", "-").replaceAll("/", "_"));
    }
  }
  // The longest first: one form may be part of another.
  return [...forms].sort((a, b) => b.length - a.length);
}

/** The text with every form of the secrets redacted. */
export function redactText(text: string, forms: SecretForms): string {
  return forms.reduce((clean, form) => clean.replaceAll(form, REDACTED), text);
}

/**
 * The error of a call without the secrets that its request carried. There are servers and proxies that answer with the
 * request they got. Text is redacted; a header, a detail or a cause that holds a secret is left out as a whole.
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

/** The part of a base64 text that `bytes` alone decide on, when they begin `offset` bytes after a multiple of three. */
function base64Within(bytes: Uint8Array, offset: number): string {
  const padded = new Uint8Array(offset + bytes.length);
  padded.set(bytes, offset);
  const text = btoa(String.fromCharCode(...padded)).replace(/={1,2}$/, "");
  const end = Math.floor(((offset + bytes.length) * 8) / 6);
  return text.slice(Math.ceil((offset * 8) / 6), end);
}

function fromBase64(text: string): string {
  try {
    return atob(text);
  } catch {
    return ""; // not base64, so nothing that a server could have decoded
  }
}
