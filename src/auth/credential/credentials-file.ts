// SPDX-License-Identifier: Apache-2.0
/** Environment variables; those of the process where there is one. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The credentials file does not contain a usable credential. The message quotes nothing of the file. */
export class CredentialsFileError extends Error {}

/** The types of credentials that google-auth-library reads from a file. */
const TYPES = [
  "authorized_user",
  "service_account",
  "impersonated_service_account",
  "external_account",
  "external_account_authorized_user",
];

const KEY = "the JSON key of a service account, or what gcloud auth application-default login writes";

/**
 * Why the file named by `GOOGLE_APPLICATION_CREDENTIALS` is not usable, and what to do about it; undefined if there is no
 * such file, or nothing wrong with it. Called after the library failed, since its own message is about a missing field or
 * quotes the text around a syntax error.
 */
export function problemOfCredentialsFile(environment: Environment): string | undefined {
  const path = environment.GOOGLE_APPLICATION_CREDENTIALS;
  // Absent in browsers; an import would put it into every bundle.
  const fs = globalThis.process?.getBuiltinModule?.("node:fs");
  if (path === undefined || path === "" || fs === undefined) return undefined;
  try {
    if (!fs.statSync(path).isFile()) return undefined;
    const problem = problemOfCredentials(fs.readFileSync(path));
    return problem && `the file that GOOGLE_APPLICATION_CREDENTIALS names ${problem}`;
  } catch {
    return undefined; // missing or unreadable: the library reports that
  }
}

/** The problem with the content of a credentials file, as a clause that follows "the file". Never quotes it. */
export function problemOfCredentials(content: Uint8Array): string | undefined {
  const [first, second, third] = content;
  if (first === undefined) return "is empty";
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) {
    return "is written in UTF-16; save it as UTF-8";
  }
  if (first === 0xef && second === 0xbb && third === 0xbf) {
    return "begins with a byte order mark; save it as UTF-8 without one";
  }
  if (first === 0x30) return `is a key in a binary format (.p12 or .der); expected ${KEY}`;
  const text = new TextDecoder().decode(content).trim();
  return problemOfText(text) ?? problemOfJson(text);
}

function problemOfText(text: string): string | undefined {
  if (text === "") return "is empty";
  if (text.startsWith("-----BEGIN")) return `is a private key or a certificate in PEM; expected ${KEY}`;
  if (/^(?:ya29\.|eyJ)/.test(text)) return "is an access token; pass it as token, or with --token-file";
  if (text.startsWith("AIza")) return "is an API key; pass it as apiKey";
  if (text.startsWith("<")) return `is an HTML or XML page; expected ${KEY}`;
  return undefined;
}

function problemOfJson(text: string): string | undefined {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return `is not valid JSON; expected ${KEY}`;
  }
  if (typeof json !== "object" || json === null || Array.isArray(json)) {
    return `is no JSON object; expected ${KEY}`;
  }
  if ("installed" in json || "web" in json) {
    return (
      "is an OAuth client (client_secret.json), which says who asks and not who is signed in; sign in with it: " +
      "gcloud auth application-default login --client-id-file=CLIENT_SECRET.json --scopes=SCOPES"
    );
  }
  if (!("type" in json)) {
    if ("access_token" in json)
      return "holds an access token, as an OAuth endpoint returns it; pass it as token";
    if ("authDomain" in json || "apiKey" in json) return `is the configuration of a web app; expected ${KEY}`;
    return `has no "type"; expected ${KEY}`;
  }
  const { type } = json;
  if (typeof type === "string" && TYPES.includes(type)) return undefined;
  const shown = typeof type === "string" && /^[a-z_]{1,40}$/.test(type) ? `"${type}"` : "no name";
  return `has a "type" that is not supported (got ${shown}; expected ${TYPES.join(", ")})`;
}
