// SPDX-License-Identifier: Apache-2.0

/** Names of properties that hold secrets in the clients of google-auth-library. */
const SECRET_NAME = /token|secret|key|password|assertion/i;

/** Properties about a secret that are not secret: `token_type`, `tokenUrl`, `keyId`, `keyFile` and the like. */
const ABOUT_SECRETS = /(?:type|ur[il]|id|file(?:name)?|path)$/i;

/**
 * The strings of an object, nested ones included, under names of secrets (`access_token`, `_clientSecret`, `key`): a
 * client of google-auth-library keeps its tokens in `credentials`, and an underlying client in `sourceClient`.
 */
export function secretsHeldBy(holder: object, depth = 3): string[] {
  const found: string[] = [];
  for (const [name, value] of Object.entries(holder)) {
    if (typeof value === "string" && SECRET_NAME.test(name) && !ABOUT_SECRETS.test(name)) found.push(value);
    if (depth > 0 && isPlainPart(value)) found.push(...secretsHeldBy(value, depth - 1));
  }
  return found;
}

/** The nested objects to search: not lists, and not the transporter with its agents and sockets. */
function isPlainPart(value: unknown): value is object {
  return (
    typeof value === "object" &&
    value !== null &&
    !Array.isArray(value) &&
    !("request" in value && "interceptors" in value)
  );
}
