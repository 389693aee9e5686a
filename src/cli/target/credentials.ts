// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { Interceptor } from "@connectrpc/connect";
import type { Flags } from "../arguments/flags.js";
import type { Surroundings } from "../process.js";
import { UsageError } from "../usage-error.js";

const LOOPBACK = /^(?:localhost|.+\.localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;

/** Where the credential would go, and by whose word. */
export interface CredentialTarget {
  readonly baseUrl: string;
  /** The endpoint stands in a profile of the working directory, and nobody typed it. */
  readonly isEndpointLocal: boolean;
  /** The scopes to ask for when the flags say nothing. */
  readonly scopes: readonly string[] | undefined;
}

/**
 * The interceptor that authorizes the calls, or none: by a token file, by `LONGRUNNING_TOKEN`, or by Application Default
 * Credentials; a server on this machine gets a token that was given and nothing else.
 *
 * @throws UsageError when a file that lay in the working directory would send a credential to a host that is not Google's
 */
export async function credentialsFor(
  flags: Flags,
  target: CredentialTarget,
  surroundings: Surroundings,
): Promise<Interceptor[]> {
  const { auth, quotaProject, scopes = target.scopes } = flags;
  const given = tokenOf(flags, surroundings);
  if (auth === false || (auth !== true && given === undefined && isLoopback(target.baseUrl))) {
    return quotaProject === undefined ? [] : [header("x-goog-user-project", quotaProject)];
  }
  checkTrust(target);
  const { googleAuth } = await import("../../auth.js");
  return [googleAuth({ ...given, scopes, quotaProject })];
}

/** An interceptor that adds one header to every call. */
export function header(name: string, value: string): Interceptor {
  return (next) => (request) => {
    request.header.append(name, value);
    return next(request);
  };
}

/** A token's file is read for each token that is wanted, so that one that is renewed in place is found. */
function tokenOf({ tokenFile }: Flags, { cwd, env }: Surroundings) {
  const { LONGRUNNING_TOKEN: token } = env;
  if (tokenFile === undefined)
    return token === undefined || token === "" ? undefined : { token: token.trim() };
  const path = resolve(cwd, tokenFile);
  const read = () => {
    try {
      return readFileSync(path, "utf8").trim();
    } catch (cause) {
      const code = cause instanceof Error && "code" in cause ? ` (${String(cause.code)})` : "";
      throw new UsageError(`--token-file: ${path} cannot be read${code}`);
    }
  };
  if (read() === "") throw new UsageError(`--token-file: ${path} is empty`);
  return { auth: async () => read() };
}

function checkTrust({ baseUrl, isEndpointLocal }: CredentialTarget): void {
  if (!isEndpointLocal || isLoopback(baseUrl) || !URL.canParse(baseUrl)) return;
  const { protocol, hostname } = new URL(baseUrl);
  if (protocol === "https:" && hostname.endsWith(".googleapis.com")) return;
  throw new UsageError(
    `the endpoint ${baseUrl} stands in longrunning.yaml of the working directory, which is not trusted with a credential`,
    { next: "type --endpoint, or --profile longrunning.yaml, if you mean it; or --no-auth" },
  );
}

function isLoopback(baseUrl: string): boolean {
  return URL.canParse(baseUrl) && LOOPBACK.test(new URL(baseUrl).hostname);
}
