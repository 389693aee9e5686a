// SPDX-License-Identifier: Apache-2.0
import type { AuthChoice } from "../../src/admanager.js";
import { authInterceptors } from "../../src/auth/for-client.js";
import { createServer, failureOf, noLibrary } from "./auth-fixture.js";

const interceptorsFor = (choice: AuthChoice | undefined, baseUrl: string, load = noLibrary) =>
  authInterceptors(choice, { owner: "createAdManagerClient", baseUrl, methodScopes: {}, load });

const API = "https://in-memory";
const LOCAL = "http://127.0.0.1:8080";

test.each<[string, AuthChoice | undefined, string]>([
  ["false", false, API],
  ["false, for an emulator", false, LOCAL],
  ["nothing, for an emulator", undefined, LOCAL],
])("%s means no credential", (_, choice, baseUrl) => {
  expect(interceptorsFor(choice, baseUrl)).toEqual([]);
});

test.each<[string, AuthChoice, string]>([
  ["a client", { getRequestHeaders: async () => ({ authorization: "Bearer token-1" }) }, "Bearer token-1"],
  ["a function", () => "token-2", "Bearer token-2"],
  ["options", { token: "token-3" }, "Bearer token-3"],
])("%s authorizes the calls to the API", async (_, choice, authorization) => {
  const server = createServer();
  await server.client(...interceptorsFor(choice, API)).getOperation({ name: "operations/1" });
  expect(server.calls[0]?.get("authorization")).toBe(authorization);
});

test("nothing means Application Default Credentials, which are looked for by the first call", async () => {
  let loads = 0;
  const load = () => {
    loads++;
    return noLibrary();
  };
  const client = createServer().client(...interceptorsFor(undefined, API, load));
  expect(loads).toBe(0);
  const error = await failureOf(client.getOperation({ name: "operations/1" }));
  expect(loads).toBe(1);
  expect(error.message).toContain("no token from Application Default Credentials");
});

test("the credential goes to the base URL's origin only", async () => {
  const [interceptor] = interceptorsFor(
    { token: "token-4", origins: undefined },
    "https://admanager.googleapis.com",
  );
  if (interceptor === undefined) throw new Error("no interceptor");
  const error = await failureOf(createServer().client(interceptor).getOperation({ name: "operations/1" }));
  expect(error.message).toContain(
    "https://in-memory is called, and the credential is for https://admanager.googleapis.com",
  );
});

test("an option that cannot be used is refused under the name of the client", () => {
  expect(() => interceptorsFor({ tokn: "x" } as AuthChoice, API)).toThrow(
    'createAdManagerClient: auth: unknown option "tokn"',
  );
});
