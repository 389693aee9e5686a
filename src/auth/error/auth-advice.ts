// SPDX-License-Identifier: Apache-2.0
import type { Credential } from "../credential/credential.js";
import { type CallScopes, CLOUD_PLATFORM_SCOPE } from "../scopes.js";

/**
 * The command that logs a person in with the given scopes. gcloud refuses a list without cloud-platform, and its own OAuth
 * client has granted no scope outside Google Cloud since June 2025: such a scope needs a client of the user's own.
 */
export function loginCommand(scopes: readonly string[]): string {
  const list = [...new Set([...scopes, CLOUD_PLATFORM_SCOPE])];
  const ownClient = list.length > 1 ? " --client-id-file=YOUR_OAUTH_CLIENT.json" : "";
  return `gcloud auth application-default login --scopes=${list.join(",")}${ownClient}`;
}

/** Which scope a call needs and how this kind of credential comes by it: one or two sentences. */
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
