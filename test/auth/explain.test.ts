// SPDX-License-Identifier: Apache-2.0
import { Code, ConnectError } from "@connectrpc/connect";
import { authInterceptor } from "../../src/auth/interceptor.js";
import { createServer, denial, failureOf, noLibrary } from "./auth-fixture.js";

const ADMANAGER = "https://www.googleapis.com/auth/admanager";
const LOGIN =
  `gcloud auth application-default login --scopes=${ADMANAGER},https://www.googleapis.com/auth/cloud-platform ` +
  "--client-id-file=YOUR_OAUTH_CLIENT.json";

const options = {
  token: "the-token",
  methodScopes: {
    "google.longrunning.Operations.CancelOperation": [ADMANAGER],
    "google.longrunning.Operations.GetOperation": [ADMANAGER, `${ADMANAGER}.readonly`],
  },
};

/** A call that the server refuses with the error given. */
function refusedWith(refusal: ConnectError, call: "getOperation" | "cancelOperation" = "cancelOperation") {
  const server = createServer(() => {
    throw refusal;
  });
  return failureOf(
    server.client(authInterceptor(options, noLibrary, "test"))[call]({ name: "operations/1" }),
  );
}

const table: [string, ConnectError, string][] = [
  [
    "an API that is not enabled",
    denial("SERVICE_DISABLED", { service: "admanager.googleapis.com", consumer: "projects/123" }),
    "The API admanager.googleapis.com is not enabled in project 123. Enable it, then wait some minutes: " +
      "gcloud services enable admanager.googleapis.com --project=123.",
  ],
  [
    "a user's login without a quota project",
    denial("SERVICE_DISABLED", { service: "admanager.googleapis.com", consumer: "projects/764086051850" }),
    "The quota project is missing: calls with a user's login count to a project that must be named. Set the option " +
      "quotaProject, or run gcloud auth application-default set-quota-project PROJECT",
  ],
  [
    "a quota project that the account may not use",
    denial("USER_PROJECT_DENIED", { service: "admanager.googleapis.com", consumer: "projects/my-project" }),
    "may not use my-project as quota project. Grant it roles/serviceusage.serviceUsageConsumer there",
  ],
  [
    "a token that lacks the scope",
    denial("ACCESS_TOKEN_SCOPE_INSUFFICIENT", { service: "admanager.googleapis.com" }),
    `The token of an access token, given as text lacks a scope. The call needs the scope ${ADMANAGER}; get a token that ` +
      `has it, for instance after ${LOGIN}`,
  ],
  [
    "a challenge in place of an ErrorInfo",
    new ConnectError("no", Code.PermissionDenied, {
      "www-authenticate": 'Bearer error="insufficient_scope"',
    }),
    `The call needs the scope ${ADMANAGER}`,
  ],
  ["a key that is not one", denial("API_KEY_INVALID", {}, Code.InvalidArgument), "The API key is not valid"],
  [
    "a key that is restricted",
    denial("API_KEY_SERVICE_BLOCKED", { service: "admanager.googleapis.com" }),
    "The API key's own restrictions refuse this call to admanager.googleapis.com",
  ],
];

test.each(table)("explains %s", async (_, refusal, explanation) => {
  const error = await refusedWith(refusal);
  expect(error.code).toBe(refusal.code);
  expect(error.rawMessage).toBe(refusal.rawMessage);
  expect(error.status.message).toBe(refusal.rawMessage);
  expect(error.message).toContain(refusal.rawMessage);
  expect(error.message).toContain(explanation);
  expect(error.details).toHaveLength(refusal.details.length);
});

test("names every scope that a read takes, and the way to the first", async () => {
  const error = await refusedWith(new ConnectError("who are you", Code.Unauthenticated), "getOperation");
  expect(error.message).toContain(
    `The call needs the scope ${ADMANAGER} or ${ADMANAGER}.readonly; get a token`,
  );
  expect(error.message).toContain(LOGIN);
});

test.each([
  ["a refusal for any other reason", denial("IAM_PERMISSION_DENIED")],
  ["a refusal without a reason", new ConnectError("no", Code.PermissionDenied)],
  ["what is not a refusal", new ConnectError("gone", Code.NotFound)],
])("adds nothing to %s", async (_, refusal) => {
  expect((await refusedWith(refusal)).status.message).toBe(refusal.rawMessage);
});

test("a name from the wire that could do harm in a shell is not put into a command", async () => {
  const metadata = { service: "x; rm -rf ~", consumer: "projects/$(reboot)" };
  const error = await refusedWith(denial("SERVICE_DISABLED", metadata));
  expect(error.message).toContain("gcloud services enable SERVICE --project=PROJECT");
  expect(error.message).not.toMatch(/rm -rf|reboot/);
});
