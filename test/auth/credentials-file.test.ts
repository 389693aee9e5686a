// SPDX-License-Identifier: Apache-2.0

import { problemOfCredentialText } from "../../src/auth/credential/credential.js";
import { problemOfCredentials } from "../../src/auth/credential/credentials-file.js";

const SECRET = "planted0secret0planted";
const json = (value: unknown) => Buffer.from(JSON.stringify(value));

test.each<[string, Uint8Array, RegExp | undefined]>([
  ["a service account's key", json({ type: "service_account", private_key: SECRET }), undefined],
  ["a login of gcloud", json({ type: "authorized_user", refresh_token: SECRET }), undefined],
  ["an external account", json({ type: "external_account" }), undefined],
  [
    "client_secret.json of a desktop app",
    json({ installed: { client_secret: SECRET } }),
    /OAuth client .*login --client-id-file/,
  ],
  ["client_secret.json of a web app", json({ web: { client_secret: SECRET } }), /OAuth client/],
  [
    "a byte order mark",
    Buffer.from('\ufeff{"type":"service_account"}'),
    /byte order mark; save it as UTF-8 without one/,
  ],
  ["UTF-16", Buffer.from("\ufeff{}", "utf16le"), /UTF-16/],
  ["UTF-16, big-endian", Buffer.from([0xfe, 0xff, 0, 0x7b]), /UTF-16/],
  ["nothing", Buffer.alloc(0), /is empty/],
  ["white space", Buffer.from(" \n"), /is empty/],
  ["a .p12 key", Buffer.from([0x30, 0x82, 0x0a, 0x10]), /binary format/],
  ["a PEM key", Buffer.from(`-----BEGIN PRIVATE KEY-----\n${SECRET}`), /in PEM/],
  ["an access token", Buffer.from(`ya29.${SECRET}\n`), /is an access token; pass it as token/],
  ["a JWT", Buffer.from(`eyJhbGciOiJSUzI1NiJ9.${SECRET}`), /is an access token/],
  ["an API key", Buffer.from(`AIza${SECRET}`), /is an API key/],
  ["a page", Buffer.from("<!doctype html><title>Sign in</title>"), /HTML or XML page/],
  ["a token response", json({ access_token: SECRET, expires_in: 3600 }), /holds an access token/],
  ["a web app's configuration", json({ apiKey: SECRET, authDomain: "a" }), /configuration of a web app/],
  ["JSON that is cut", Buffer.from(`{"private_key":"${SECRET}`), /is not valid JSON/],
  ["a list", json([SECRET]), /no JSON object/],
  ["a text", json(SECRET), /no JSON object/],
  ["null", json(null), /no JSON object/],
  ["no type", json({ private_key: SECRET }), /has no "type"/],
  [
    "a type of another cloud",
    json({ type: "gdch_service_account" }),
    /got "gdch_service_account"; expected authorized_user/,
  ],
  ["a type with digits", json({ type: SECRET }), /got no name/],
  ["a type that is no name", json({ type: { secret: SECRET } }), /got no name/],
  ["a long type", json({ type: `${SECRET}`.repeat(9) }), /got no name/],
])("a credentials file that holds %s", (_, content, problem) => {
  const text = problemOfCredentials(content);
  if (problem === undefined) expect(text).toBeUndefined();
  else expect(text).toMatch(problem);
  expect(text ?? "").not.toContain(SECRET);
});

test.each<[string, unknown, RegExp | undefined]>([
  ["a token", `ya29.${SECRET}`, undefined],
  ["a token with signs", "1//0g-._~+/==", undefined],
  ["a token response", `{"access_token":"${SECRET}"}`, /is JSON, not a token: .*pass access_token/],
  ["a token response on lines", `{\n  "access_token": "${SECRET}"\n}`, /is JSON/],
  ["a list", `["${SECRET}"]`, /is JSON/],
  ["a text in quotation marks", `"${SECRET}"`, /quotation marks/],
  ["a byte order mark", `\ufeff${SECRET}`, /byte order mark/],
  ["a key", `-----BEGIN PRIVATE KEY-----\n${SECRET}`, /private key/],
  ["a page", "<html>", /HTML/],
  ["a line break at the end", `${SECRET}\n`, /white space at the end, as of a text read from a file/],
  ["nothing", "", /is empty/],
  ["no text", 5, /is not a string but number/],
])("a token that is %s", (_, value, problem) => {
  const text = problemOfCredentialText(value);
  if (problem === undefined) expect(text).toBeUndefined();
  else expect(text).toMatch(problem);
  expect(text ?? "").not.toContain(SECRET);
});
