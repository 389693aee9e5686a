// SPDX-License-Identifier: Apache-2.0
import { Code } from "@connectrpc/connect";
import { secretsHeldBy } from "../../src/auth/credential/held-secrets.js";
import { cautiousText } from "../../src/auth/error/redaction.js";
import { tokenFailureOf } from "../../src/auth/error/token-failure.js";
import { expectLinear } from "../linear-cost.js";

describe("a text from outside", () => {
  test.each([
    ["token ya29.a0AfH6SMB", "token [redacted]"],
    ["key AIzaSyD-9tSrke72", "key [redacted]"],
    ["jwt eyJhbGciOi.eyJpc3Mi.c2lnbmF0", "jwt [redacted]"],
    ["refresh 1//0gAbCdEf", "refresh [redacted]"],
    ["header Authorization: Bearer abc.def", "header Authorization: Bearer [redacted]"],
    ["header Basic dXNlcjpwYXNz", "header Basic [redacted]"],
    ["grant_type=x&assertion=short&a=b", "grant_type=x&assertion=[redacted]&a=b"],
    ['{"access_token":"short","a":"b"}', '{"access_token":"[redacted]","a":"b"}'],
    ["client_secret: 'short'", "client_secret: '[redacted]'"],
    ["-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----\nis bad", "[redacted] is bad"],
    ["-----BEGIN PRIVATE KEY-----\nMIIE", "[redacted]"],
    ["some 0123456789abcdefghij long run", "some [redacted] long run"],
    // What people need to read stays.
    [
      "Permission 'iam.serviceAccounts.getAccessToken' denied",
      "Permission 'iam.serviceAccounts.getAccessToken' denied",
    ],
    ["The file at /keys/my-project-1a2b3c4d5e6f.json", "The file at /keys/my-project-1a2b3c4d5e6f.json"],
    ["scope https://www.googleapis.com/auth/admanager", "scope https://www.googleapis.com/auth/admanager"],
    ["connect ECONNREFUSED 127.0.0.1:8080", "connect ECONNREFUSED 127.0.0.1:8080"],
    ["one\n  line", "one line"],
  ])("%j", (text, clean) => {
    expect(cautiousText(text, [])).toBe(clean);
  });

  test("costs no more than its length, whatever runs are in it", async () => {
    await expectLinear(20_000, (size) => {
      expect(cautiousText(`${"j".repeat(size)}.json`, [])).toHaveLength(300);
      expect(cautiousText(`${"j1".repeat(size / 2)}.jsonx`, [])).toBe("[redacted].jsonx");
    });
  });

  test("is cut where it goes on and on", () => {
    expect(cautiousText("word ".repeat(1_000), [])).toHaveLength(300);
  });
});

test("secrets are found by name in a client and in the client it borrows from", () => {
  const holder = {
    email: "visible",
    key: "secret-1",
    credentials: { access_token: "secret-2", token_type: "visible" },
    sourceClient: {
      _clientSecret: "secret-4",
      _clientId: "visible",
      credentials: { refresh_token: "secret-5" },
    },
    transporter: { interceptors: {}, request: () => {}, token: "visible" },
  };
  expect(secretsHeldBy(holder).sort()).toEqual(["secret-1", "secret-2", "secret-4", "secret-5"]);
});

describe("a failed fetch of a token", () => {
  const http = (status: number | undefined, data?: unknown, code?: string) =>
    Object.assign(new Error("planted-message"), {
      config: {
        url: "https://oauth2.example/token?planted-query",
        headers: { authorization: "planted-header" },
      },
      response: status === undefined ? undefined : { status, data },
      code,
    });

  test.each<[string, unknown, Code, string]>([
    [
      "a refused login",
      http(400, { error: "invalid_grant" }),
      Code.Unauthenticated,
      "oauth2.example answered HTTP 400, invalid_grant: the login has expired",
    ],
    [
      "a subtype",
      http(400, { error: "x", error_subtype: "invalid_rapt" }),
      Code.Unauthenticated,
      "HTTP 400, x, invalid_rapt: the organization requires",
    ],
    [
      "a Google API",
      http(403, { error: { code: 403, status: "PERMISSION_DENIED", message: "planted-text" } }),
      Code.Unauthenticated,
      "HTTP 403, PERMISSION_DENIED: to impersonate",
    ],
    [
      "a code that is no code",
      http(400, { error: "planted-text 1" }),
      Code.Unauthenticated,
      "oauth2.example answered HTTP 400",
    ],
    ["an answer in text", http(500, "planted-text"), Code.Unavailable, "oauth2.example answered HTTP 500"],
    ["too many requests", http(429), Code.Unavailable, "oauth2.example answered HTTP 429"],
    [
      "no answer",
      http(undefined, undefined, "ENOTFOUND"),
      Code.Unavailable,
      "oauth2.example cannot be reached (ENOTFOUND)",
    ],
    ["a lost connection", Object.assign(new Error("gone"), { code: "ECONNRESET" }), Code.Unavailable, "gone"],
    ["any other error", new Error("the vault is sealed"), Code.Unauthenticated, "the vault is sealed"],
    ["no error at all", "planted-text", Code.Unauthenticated, "a value of type string was thrown"],
  ])("tells of %s", (_, error, code, message) => {
    const failure = tokenFailureOf(error, []);
    expect(failure.code).toBe(code);
    expect(failure.message).toContain(message);
    expect(`${failure.message} ${failure.cause.stack}`).not.toContain("planted");
    expect(Object.keys(failure.cause).filter((key) => key !== "name")).toEqual([]);
  });
});
