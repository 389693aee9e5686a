// SPDX-License-Identifier: Apache-2.0
import { Code } from "@connectrpc/connect";
import type { CallError } from "../../errors/call-error.js";
import type { Credential } from "../credential/credential.js";
import { type CallScopes, CLOUD_PLATFORM_SCOPE } from "../scopes.js";

/** A call that the server rejected. */
export interface Denied {
  readonly kind: string;
  readonly advice: Credential["advice"];
  readonly scopes: CallScopes;
  /** The result of the token refresh; undefined if a refresh could not have helped. */
  readonly refresh: "refused-too" | { readonly failed: string } | undefined;
}

/** The projects of gcloud's own OAuth clients: used for quota when a user's login has no quota project. */
const GCLOUD_PROJECTS = ["projects/764086051850", "projects/32555940559"];

/**
 * Explains a server's error and what to do about it; undefined if it is not about credentials. Based on the code and
 * the google.rpc.ErrorInfo (google/api/error_reason.proto), never on the message.
 */
export function explainDenial(error: CallError, denied: Denied): string | undefined {
  const info = error.errorInfo?.domain === "googleapis.com" ? error.errorInfo : undefined;
  const byReason = info && explainReason(info.reason, info.metadata, denied);
  if (byReason !== undefined) return byReason;
  if (error.code === Code.Unauthenticated) return explainUnauthenticated(denied);
  // RFC 6750 section 3.1, for servers that send no ErrorInfo.
  const challenge = error.metadata.get("www-authenticate") ?? "";
  if (/\binsufficient_scope\b/.test(challenge)) return insufficientScope(denied);
  return undefined;
}

function explainUnauthenticated({ kind, advice, scopes, refresh }: Denied): string {
  const tried =
    refresh === "refused-too"
      ? ", and so was the next one after a refresh"
      : refresh === undefined
        ? ""
        : `, and getting another one failed: ${refresh.failed}`;
  return `The credential was refused: ${kind}${tried}. ${scopeAdvice(advice, scopes)}`;
}

function insufficientScope({ kind, advice, scopes }: Denied): string {
  return `The token of ${kind} lacks a scope. ${scopeAdvice(advice, scopes)}`;
}

function explainReason(
  reason: string,
  metadata: Readonly<Record<string, string>>,
  denied: Denied,
): string | undefined {
  // These values come from the server and end up in commands that people paste into a shell: only well-formed names.
  const service = matching(metadata.service, /^[a-z0-9.-]+$/) ?? "SERVICE";
  const consumer = matching(metadata.consumer, /^projects\/[a-z0-9.:-]+$/);
  const project = consumer?.slice("projects/".length) ?? "PROJECT";
  switch (reason) {
    case "SERVICE_DISABLED":
      return consumer !== undefined && GCLOUD_PROJECTS.includes(consumer)
        ? "The quota project is missing: calls with a user's login count to a project that must be named. " +
            "Set the option quotaProject, or run gcloud auth application-default set-quota-project PROJECT"
        : `The API ${service} is not enabled in project ${project}. Enable it, then wait some minutes: ` +
            `gcloud services enable ${service} --project=${project}. To call from another project, set quotaProject`;
    case "USER_PROJECT_DENIED":
      return (
        `The account of ${denied.kind} may not use ${project} as quota project. Grant it ` +
        "roles/serviceusage.serviceUsageConsumer there, or name another project with quotaProject"
      );
    case "ACCESS_TOKEN_SCOPE_INSUFFICIENT":
      return insufficientScope(denied);
    case "API_KEY_INVALID":
      return "The API key is not valid: not found, deleted, or of another form. Look it up: gcloud services api-keys list";
    case "API_KEY_SERVICE_BLOCKED":
    case "API_KEY_HTTP_REFERRER_BLOCKED":
    case "API_KEY_IP_ADDRESS_BLOCKED":
      return `The API key's own restrictions refuse this call to ${service}: allow it in the key's settings`;
    default:
      return undefined;
  }
}

function matching(text: string | undefined, form: RegExp): string | undefined {
  return text !== undefined && form.test(text) ? text : undefined;
}

/**
 * The command that logs in a user with the given scopes. gcloud rejects a list without cloud-platform, and its own OAuth
 * client has granted no scope outside Google Cloud since June 2025: such a scope needs the user's own OAuth client.
 */
export function loginCommand(scopes: readonly string[]): string {
  const list = [...new Set([...scopes, CLOUD_PLATFORM_SCOPE])];
  const ownClient = list.length > 1 ? " --client-id-file=YOUR_OAUTH_CLIENT.json" : "";
  return `gcloud auth application-default login --scopes=${list.join(",")}${ownClient}`;
}

/** Which scope a call needs and how to get it for this kind of credential: one or two sentences. */
export function scopeAdvice(advice: Credential["advice"], { wanted, accepted }: CallScopes): string {
  const scopes = accepted.length > 0 ? accepted : wanted;
  const first = scopes.slice(0, 1);
  const needs = `The call needs the scope ${scopes.join(" or ")}`;
  const login = loginCommand(first);
  switch (advice) {
    case "login":
      return `${needs}; log in with it: ${login}`;
    case "option":
      return `${needs}; have the credential ask for it (option scopes), or, for a login of your own: ${login}`;
    case "instance":
      return `${needs}, which the instance's access scopes must include; for a login of your own: ${login}`;
    case "mint":
      return `${needs}; get a token that has it, for instance after ${login}`;
    case "key":
      return `${needs}, which an API key cannot have; use a service account, or log in: ${login}`;
  }
}
