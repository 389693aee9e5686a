// SPDX-License-Identifier: Apache-2.0

import type { TokenRequest } from "../options.js";
import { type AuthClientFinder, kindOf, sourceCredential } from "./auth-client.js";
import type { Credential } from "./credential.js";
import { CredentialsFileError, type Environment, problemOfCredentialsFile } from "./credentials-file.js";

/** The part of google-auth-library that finds Application Default Credentials. */
export interface AuthLibrary {
  readonly GoogleAuth: new (options: { scopes: string[]; projectId: string }) => AuthClientFinder;
}

/** Loads google-auth-library; not called before a call needs a credential. */
export type LoadAuthLibrary = () => Promise<AuthLibrary>;

/**
 * The finder's project; unused. Without one, the library searches for it before it returns a client: it runs
 * `gcloud config` and queries the metadata server, over a second on a machine that has neither (docs/upstream.md).
 */
const ANY_PROJECT = "unused";

/**
 * Application Default Credentials: `GOOGLE_APPLICATION_CREDENTIALS`, then the login of gcloud, then the metadata server.
 * One finder for each set of scopes, cached only after it has found a credential, so that one added later is found.
 */
export function defaultCredential(
  load: LoadAuthLibrary,
  environment: Environment = processEnvironment(),
): Credential {
  const finders = new Map<string, Promise<Credential>>();
  let latest: Credential | undefined;
  const find = (request: TokenRequest): Promise<Credential> => {
    const key = request.scopes.join(" ");
    const known = finders.get(key);
    if (known !== undefined) return known;
    const found = findCredential(load, request.scopes, environment);
    finders.set(key, found);
    found.then(
      (credential) => {
        latest = credential;
      },
      () => finders.delete(key),
    );
    return found;
  };
  return {
    get kind() {
      return `Application Default Credentials${latest === undefined ? "" : ` (${latest.kind})`}`;
    },
    get advice() {
      return latest?.advice ?? "login";
    },
    universe: async (request) => (await find(request)).universe(request),
    headers: async (request) => (await find(request)).headers(request),
    isRefreshable: () => latest?.isRefreshable() ?? false,
    secrets: () => latest?.secrets() ?? [],
  };
}

async function findCredential(
  load: LoadAuthLibrary,
  scopes: readonly string[],
  environment: Environment,
): Promise<Credential> {
  checkCredentialsVariable(environment);
  const { GoogleAuth } = await load();
  const finder = new GoogleAuth({ scopes: [...scopes], projectId: ANY_PROJECT });
  const client = await finder.getClient().catch((error: unknown) => {
    // The library's message links to a web page but does not name the places searched.
    const isEmptyHanded =
      error instanceof Error && /Could not load the default credentials/.test(error.message);
    if (isEmptyHanded) throw nothingFound(environment);
    const problem = problemOfCredentialsFile(environment);
    throw problem === undefined ? error : new CredentialsFileError(problem);
  });
  // On Google's machines the library assumes that the metadata server exists, whatever the variable says.
  if (isMetadataServerOff(environment) && kindOf(client).advice === "instance")
    throw nothingFound(environment);
  return sourceCredential(client);
}

/** The variables of this process; empty in a browser. */
function processEnvironment(): Environment {
  return globalThis.process?.env ?? {};
}

/** There are no Application Default Credentials. */
export class NoCredentials extends Error {}

/**
 * The error when there is no credential: the places searched, in order, and what each contained
 * (https://cloud.google.com/docs/authentication/application-default-credentials).
 */
function nothingFound(environment: Environment): NoCredentials {
  const { CLOUDSDK_CONFIG, APPDATA } = environment;
  const folder = CLOUDSDK_CONFIG ? "$CLOUDSDK_CONFIG" : APPDATA ? "%APPDATA%/gcloud" : "~/.config/gcloud";
  const server = isMetadataServerOff(environment)
    ? "switched off by METADATA_SERVER_DETECTION=none"
    : "no answer";
  return new NoCredentials(
    "none were found. Looked for GOOGLE_APPLICATION_CREDENTIALS (not set); " +
      `${folder}/application_default_credentials.json (none); the metadata server (${server})`,
  );
}

/** Whether the metadata server is switched off. On Google's machines the library queries it anyway. */
function isMetadataServerOff(environment: Environment): boolean {
  return environment.METADATA_SERVER_DETECTION?.trim().toLowerCase() === "none";
}

/**
 * Rejects a `GOOGLE_APPLICATION_CREDENTIALS` that contains a credential instead of a path: the library's error about the
 * missing file would quote it.
 */
function checkCredentialsVariable(environment: Environment): void {
  const path = environment.GOOGLE_APPLICATION_CREDENTIALS ?? "";
  if (/[{}\n"]|^.{1000}/.test(path)) {
    throw new Error(
      "GOOGLE_APPLICATION_CREDENTIALS is not the path of a file; write the credential to a file, or pass it as auth",
    );
  }
}
