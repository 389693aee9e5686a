// SPDX-License-Identifier: Apache-2.0
// The credential of every contender that has one: a client of google-auth-library that holds a fresh token, as in a program
// that has been running for a minute.

export const TOKEN = `ya29.${"a0AfB_byC-".repeat(20)}`;

/** @param {new () => object} OAuth2Client of the contender's own copy of the library */
export function createCredential(OAuth2Client) {
  const client = new OAuth2Client();
  client.setCredentials({ access_token: TOKEN, token_type: "Bearer", expiry_date: Date.now() + 3_600_000 });
  return client;
}
