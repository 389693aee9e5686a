// SPDX-License-Identifier: Apache-2.0
import { readFileSync, statSync } from "node:fs";
import { resolve } from "node:path";
import type { Interceptor } from "@connectrpc/connect";
import { isSecretField } from "../../errors/secrets.js";
import type { HttpRuleJson } from "../../index.js";
import { isLoopback } from "../../transport/endpoint.js";
import { textOf } from "../arguments/config-file.js";
import { assertVouched, type Given, type Origin, type VouchedOrigin } from "../arguments/origin.js";
import type { RequestSettings } from "../arguments/settings.js";
import type { ProcessContext } from "../process.js";
import { UsageError } from "../usage-error.js";

/** All inputs of a request: method, path, host, headers and credential. */
export type RequestParts<O extends Origin = Origin> = {
  readonly [K in Exclude<keyof RequestSettings, "serviceConfig" | "httpPrefix" | "endpoint">]:
    | (NonNullable<RequestSettings[K]> & { readonly origin: O })
    | undefined;
} & {
  readonly baseUrl: Given<string, O>;
  /** Undefined for an API of the catalogue, which has its own. */
  readonly httpRules: Given<readonly HttpRuleJson[], O> | undefined;
};

/** The credential of the calls. */
type Credential =
  | { readonly kind: "default" | "token-file" }
  | { readonly kind: "token"; readonly token: string };

/**
 * The interceptors that add headers and authorize the calls, with a token file, `LONGRUNNING_TOKEN` or Application Default
 * Credentials; a server on this machine only gets an explicit token.
 *
 * @param defaultScopes - the scopes to request if no flag sets them
 * @throws UsageError if a file that is not trusted would influence a request with a credential
 */
export async function interceptorsFor(
  parts: RequestParts,
  defaultScopes: readonly string[] | undefined,
  context: ProcessContext,
): Promise<Interceptor[]> {
  const credential = credentialOf(parts, context);
  const headers = parts.header;
  // Headers of the user's own may be secrets, whatever their names; those of a file in the working directory are not.
  if (credential === undefined && (headers === undefined || headers.origin === "folder")) {
    return withoutCredential(parts);
  }
  const { auth, ...others } = parts;
  // Any file may turn credentials off.
  const used = { ...others, auth: auth?.value === false ? undefined : auth };
  assertVouched(used);
  if (credential === undefined) return withoutCredential(used);
  return authorizing(used, credential, defaultScopes, context);
}

/** An interceptor that adds one header to every call. */
function header(name: string, value: string): Interceptor {
  return (next) => (request) => {
    request.header.append(name, value);
    return next(request);
  };
}

function headerInterceptors({ header: headers }: RequestParts): Interceptor[] {
  return (headers?.value ?? []).map((text) => {
    const colon = text.indexOf(":");
    return header(text.slice(0, colon), text.slice(colon + 1).trim());
  });
}

function withoutCredential(parts: RequestParts): Interceptor[] {
  const { quotaProject } = parts;
  const quotaHeader = quotaProject === undefined ? [] : [header("x-goog-user-project", quotaProject.value)];
  return [...headerInterceptors(parts), ...quotaHeader];
}

async function authorizing(
  parts: RequestParts<VouchedOrigin>,
  credential: Credential,
  defaultScopes: readonly string[] | undefined,
  { cwd }: ProcessContext,
): Promise<Interceptor[]> {
  const { scopes, quotaProject, tokenFile } = parts;
  if (tokenFile !== undefined && isSecretField("", tokenFile.value)) {
    throw new UsageError("--token-file: is a token itself (expected the name of a file that has it)");
  }
  const { googleAuth } = await import("../../auth.js");
  const interceptor = googleAuth({
    ...(credential.kind === "token" && { token: credential.token }),
    ...(tokenFile !== undefined && { auth: tokenReader(resolve(cwd, tokenFile.value)) }),
    scopes: scopes?.value ?? defaultScopes,
    quotaProject: quotaProject?.value,
  });
  return [...headerInterceptors(parts), interceptor];
}

function credentialOf(
  { auth, tokenFile, baseUrl }: RequestParts,
  { env }: ProcessContext,
): Credential | undefined {
  if (auth?.value === false) return undefined;
  if (tokenFile !== undefined) return { kind: "token-file" };
  const token = env.LONGRUNNING_TOKEN?.trim() ?? "";
  if (token !== "") return { kind: "token", token };
  return auth === undefined && isOnThisMachine(baseUrl.value) ? undefined : { kind: "default" };
}

/** Reads the file for each token, since it may be renewed in place; a pipe, such as `<(gcloud ...)` of a shell, only once. */
function tokenReader(path: string): () => Promise<string> {
  const first = readToken(path);
  const isRenewable = statSync(path).isFile();
  return async () => (isRenewable ? readToken(path) : first);
}

function readToken(path: string): string {
  let token: string;
  try {
    token = textOf(readFileSync(path)).trim();
  } catch (cause) {
    const code = cause instanceof Error && "code" in cause ? ` (${String(cause.code)})` : "";
    throw new UsageError(`--token-file: ${path} cannot be read${code}`);
  }
  if (token === "") throw new UsageError(`--token-file: ${path} is empty`);
  return token;
}

function isOnThisMachine(baseUrl: string): boolean {
  return URL.canParse(baseUrl) && isLoopback(new URL(baseUrl).hostname);
}
