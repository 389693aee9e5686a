// SPDX-License-Identifier: Apache-2.0
import type { JsonValue } from "@bufbuild/protobuf";

/** What stands where a secret stood. */
export const REDACTED = "[redacted]";

/** Shorter texts are no secrets; redacting them would redact half of every sentence. */
const MIN_SECRET_LENGTH = 6;

/** Headers that carry a credential by their name. */
const SECRET_HEADER =
  /authoriz|(?:^|-)(?:auth|key|jwt|sid)(?:$|-)|api-?key|token|secret|passw|passphrase|credential|cookie|session|assertion|signature/;

/** Values that are credentials whatever their header is called: those with a scheme, and Google's tokens and keys. */
const SECRET_VALUE = /^(?:(?:bearer|basic|digest|negotiate|apikey) +\S|ya29\.|AIza|eyJ|1\/\/)/i;

/** Fields of messages that are called a token and are none. */
const PAGE_TOKEN = /page-?token$/;

/** Whether a field of a message holds a credential, by its name (`accessToken`, `private_key`) or its value. */
export function isSecretField(name: string, value: string): boolean {
  const kebab = name.replace(/(?<=[a-z\d])[A-Z]|_/g, (letter) => `-${letter.replace("_", "")}`).toLowerCase();
  return (SECRET_HEADER.test(kebab) && !PAGE_TOKEN.test(kebab)) || SECRET_VALUE.test(value.trim());
}

/** Secrets in every form in which a text may repeat them, the longest first. Empty where there are none. */
export type SecretForms = readonly string[];

/** The secrets among the headers of a request: tokens, keys and cookies, and the password in `Basic` credentials. */
export function secretsInHeaders(headers: Iterable<readonly [string, string]>): string[] {
  const secrets = new Set<string>();
  for (const [name, value] of headers) {
    const text = value.trim();
    if (!SECRET_HEADER.test(name) && !SECRET_VALUE.test(text)) continue;
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

/** As Go's html/template and OWASP's encoder write a text in HTML: the characters that are special there, or all but a few. */
const HTML_CHARACTERS = [/[+&<>"']/g, /[^\w.~-]/g];

/**
 * The forms in which texts repeat a secret: as it is, percent-encoded (special characters or all, once or twice), in a JSON
 * string, in HTML, in hexadecimal, and in base64, where it may begin at any of three places within a larger text.
 */
export function formsOf(secrets: Iterable<string>): SecretForms {
  const forms = new Set<string>();
  for (const secret of secrets) {
    if (secret.length < MIN_SECRET_LENGTH) continue;
    // encodeURIComponent throws for a lone surrogate, which bytes have none of.
    const percent = encodeURIComponent(secret.replace(/\p{Cs}/gu, "\ufffd"));
    const json = JSON.stringify(secret).slice(1, -1);
    forms.add(secret).add(percent).add(json).add(json.replaceAll("/", "\\/"));
    forms.add(percent.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase()));
    const bytes = new TextEncoder().encode(secret);
    const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
    forms.add(hex).add(hex.toUpperCase());
    const everyByte = hex.replace(/../g, "%$&");
    forms.add(everyByte).add(everyByte.toUpperCase()).add(encodeURIComponent(percent));
    const escapes = Array.from(
      secret,
      (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
    );
    forms.add(escapes.join("")).add(escapes.join("").toUpperCase().replaceAll("\\U", "\\u"));
    for (const special of HTML_CHARACTERS) {
      forms.add(secret.replace(special, (character) => `&#${character.charCodeAt(0)};`));
      forms.add(
        secret.replace(special, (character) => `&#x${character.charCodeAt(0).toString(16).toUpperCase()};`),
      );
    }
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

/** JSON with every form of the secrets redacted, in its keys and texts. */
export function redactJson(json: JsonValue, forms: SecretForms): JsonValue {
  if (forms.length === 0 || json === null) return json;
  if (typeof json === "string") return redactText(json, forms);
  if (typeof json !== "object") return json;
  if (Array.isArray(json)) return json.map((value) => redactJson(value, forms));
  return Object.fromEntries(
    Object.entries(json).map(([key, value]) => [redactText(key, forms), redactJson(value, forms)]),
  );
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
