// SPDX-License-Identifier: Apache-2.0

/** Environment variables; those of the process where there is one. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The variables of this process; empty in a browser. */
export function processEnvironment(): Environment {
  return globalThis.process?.env ?? {};
}

/** There are no Application Default Credentials. */
export class NoCredentials extends Error {}

/**
 * The error of those who have none: what was looked for, in order, and what each place held
 * (https://cloud.google.com/docs/authentication/application-default-credentials).
 */
export function nothingFound(environment: Environment): NoCredentials {
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

/** Whether the metadata server is switched off. Google's library asks for it all the same on a machine of Google's. */
export function isMetadataServerOff(environment: Environment): boolean {
  return environment.METADATA_SERVER_DETECTION?.trim().toLowerCase() === "none";
}

/**
 * Refuses a `GOOGLE_APPLICATION_CREDENTIALS` that holds a credential instead of its path: the library's error about the
 * file that is not there would quote it.
 */
export function checkCredentialsVariable(environment: Environment): void {
  const path = environment.GOOGLE_APPLICATION_CREDENTIALS ?? "";
  if (/[{}\n"]|^.{1000}/.test(path)) {
    throw new Error(
      "GOOGLE_APPLICATION_CREDENTIALS is not the path of a file; write the credential to a file, or pass it as auth",
    );
  }
}
