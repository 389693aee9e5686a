// SPDX-License-Identifier: Apache-2.0
import { Code } from "@connectrpc/connect";
import { connectionErrorIn } from "../../errors/connection.js";
import { NoCredentials } from "../credential/application-default.js";
import { CredentialsFileError } from "../credential/credentials-file.js";
import { cautiousText } from "./redaction.js";

/** Why no token could be fetched: a third-party error without its secrets. */
export interface TokenFailure {
  /** `nothing`: there is no credential; `refused`: an endpoint rejected it; `broken`: anything else. */
  readonly kind: "nothing" | "refused" | "broken";
  /** `Unavailable` if a later attempt may succeed, otherwise `Unauthenticated`. */
  readonly code: Code;
  readonly message: string;
  /** Replaces the error, which may contain requests, responses and assertions. */
  readonly cause: Error;
}

/** Advice for the error codes of a token endpoint (RFC 6749 section 5.2, and Google's own). */
const REMEDIES: Readonly<Record<string, string>> = {
  invalid_grant: "the login has expired or was revoked, the key was deleted, or this machine's clock is off",
  invalid_rapt: "the organization requires a new login: gcloud auth application-default login",
  invalid_client: "the OAuth client in the credential is unknown or its secret was changed",
  unauthorized_client: "the client may not request these scopes on behalf of this account",
  invalid_scope: "one of the scopes is unknown or not granted to this credential",
  invalid_target: "the audience of the external account does not exist or does not fit",
  access_denied: "the account may not have this token",
  PERMISSION_DENIED:
    "to impersonate, the caller needs roles/iam.serviceAccountTokenCreator on the service account",
};

/**
 * Keeps only those parts of an error that cannot be secret. Errors of google-auth-library's HTTP client contain the
 * request, with its assertion or refresh token, and the response, sometimes as their message; of those, only the host,
 * the status and registered codes are kept. Other errors keep their message, with anything that resembles a secret redacted.
 */
export function tokenFailureOf(error: unknown, secrets: readonly string[]): TokenFailure {
  const http = httpFailureOf(error);
  const message = http?.message ?? textOf(error, secrets);
  const transient = http === undefined ? connectionErrorIn(error) !== undefined : http.transient;
  const cause = new Error(message);
  const name = memberOf(error, "name");
  if (typeof name === "string" && /^\w{1,40}$/.test(name)) cause.name = name;
  const refused = http !== undefined && !transient;
  const kind = error instanceof NoCredentials ? "nothing" : refused ? "refused" : "broken";
  return { kind, code: transient ? Code.Unavailable : Code.Unauthenticated, message, cause };
}

function textOf(error: unknown, secrets: readonly string[]): string {
  if (error instanceof NoCredentials || error instanceof CredentialsFileError) return error.message;
  const message = memberOf(error, "message");
  const text = typeof message === "string" ? message : `a value of type ${typeof error} was thrown`;
  if (/^ERR_OSSL/.test(String(memberOf(error, "code")))) {
    return "the private key cannot be read: it is no PEM key, or its line breaks are lost";
  }
  // The parser quotes the text around the mistake: a line of a credential file.
  if (memberOf(error, "name") !== "SyntaxError") return cautiousText(text, secrets);
  const file = /GOOGLE_APPLICATION_CREDENTIALS/.test(text)
    ? "that GOOGLE_APPLICATION_CREDENTIALS names "
    : "";
  return `the credential file ${file}is not valid JSON`;
}

/** An error that contains a request or a response: GaxiosError of any version, or another HTTP client's. */
function httpFailureOf(error: unknown): { message: string; transient: boolean } | undefined {
  const response = memberOf(error, "response");
  const config = memberOf(error, "config");
  if (response === undefined && config === undefined) return undefined;
  const place = hostOf(memberOf(config, "url"));
  const status = Number(memberOf(response, "status"));
  if (!Number.isInteger(status)) {
    const code = codeIn(memberOf(error, "code"));
    return {
      message: `${place} cannot be reached${code === undefined ? "" : ` (${code})`}`,
      transient: true,
    };
  }
  const codes = codesIn(memberOf(response, "data"));
  const remedy = codes.map((code) => REMEDIES[code]).find((text) => text !== undefined);
  return {
    message: `${[`${place} answered HTTP ${status}`, ...codes].join(", ")}${remedy === undefined ? "" : `: ${remedy}`}`,
    transient: status === 429 || status >= 500,
  };
}

/** `error` and `error_subtype` of OAuth 2.0, or `error.status` of Google's APIs. */
function codesIn(data: unknown): string[] {
  const error = memberOf(data, "error");
  return [error, memberOf(error, "status"), memberOf(data, "error_subtype")].flatMap(
    (code) => codeIn(code) ?? [],
  );
}

function codeIn(value: unknown): string | undefined {
  return typeof value === "string" && /^[A-Za-z_]{1,40}$/.test(value) ? value : undefined;
}

function hostOf(url: unknown): string {
  const text = String(url);
  return URL.canParse(text) ? new URL(text).host : "the token endpoint";
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}
