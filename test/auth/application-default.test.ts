// SPDX-License-Identifier: Apache-2.0
import { type AuthLibrary, defaultCredential } from "../../src/auth/credential/application-default.js";
import type { AuthClient } from "../../src/auth/credential/auth-client.js";
import type { CredentialHeaders } from "../../src/auth/credential/credential.js";

const request = (...scopes: string[]) => ({ url: "https://a.example/", scopes, refresh: false });

/** A client by its class name, which is how kinds are told apart. */
const clients = {
  Compute: class Compute {
    getRequestHeaders = async () => ({ authorization: "Bearer machine" });
  },
  UserRefreshClient: class UserRefreshClient {
    getRequestHeaders = async () => ({ authorization: "Bearer user" });
  },
};

const authorizationOf = ({ entries }: CredentialHeaders) => new Map(entries).get("authorization");

/** A library that finds what `find` says, and counts what it is asked for. */
function fakeLibrary(find: (count: number) => AuthClient) {
  const scopes: string[][] = [];
  let loads = 0;
  const library: AuthLibrary = {
    GoogleAuth: class {
      constructor(options: { scopes: string[] }) {
        scopes.push(options.scopes);
      }
      getClient = async () => find(scopes.length);
      getRequestHeaders = async () => ({});
    },
  };
  const load = async () => {
    loads++;
    return library;
  };
  return { load, scopes, loads: () => loads };
}

test("the library is loaded by the first call, and a client is kept for each set of scopes", async () => {
  const library = fakeLibrary(() => new clients.UserRefreshClient());
  const credential = defaultCredential(library.load, {});
  expect(library.loads()).toBe(0);
  expect(credential.kind).toBe("Application Default Credentials");
  for (const scopes of [["a"], ["a"], ["a", "b"], ["a"]]) {
    expect(authorizationOf(await credential.headers(request(...scopes)))).toBe("Bearer user");
  }
  expect(library.scopes).toEqual([["a"], ["a", "b"]]);
  expect(credential.kind).toBe("Application Default Credentials (a user's login)");
  expect(credential.advice).toBe("login");
});

test("credentials that turn up later are found by the next call", async () => {
  const library = fakeLibrary((count) => {
    if (count === 1) throw new Error("Could not load the default credentials. Browse to https://…");
    return new clients.UserRefreshClient();
  });
  const credential = defaultCredential(library.load, { CLOUDSDK_CONFIG: "/config" });
  await expect(credential.headers(request("a"))).rejects.toThrow(
    "none were found. Looked for GOOGLE_APPLICATION_CREDENTIALS (not set); " +
      "$CLOUDSDK_CONFIG/application_default_credentials.json (none); the metadata server (no answer)",
  );
  expect(authorizationOf(await credential.headers(request("a")))).toBe("Bearer user");
});

test("a metadata server that is switched off is not used, not even on a machine of Google's", async () => {
  const library = fakeLibrary(() => new clients.Compute());
  const off = defaultCredential(library.load, { METADATA_SERVER_DETECTION: " None ", APPDATA: "C:\\data" });
  await expect(off.headers(request("a"))).rejects.toThrow(
    "%APPDATA%/gcloud/application_default_credentials.json (none); " +
      "the metadata server (switched off by METADATA_SERVER_DETECTION=none)",
  );
  const on = defaultCredential(library.load, {});
  expect(authorizationOf(await on.headers(request("a")))).toBe("Bearer machine");
  expect(on.advice).toBe("instance");
});

test("a credential in place of its path is refused before the library can quote it", async () => {
  const library = fakeLibrary(() => new clients.Compute());
  for (const value of ['{"type":"service_account"}', "-----BEGIN\nKEY", "a".repeat(2_000)]) {
    const credential = defaultCredential(library.load, { GOOGLE_APPLICATION_CREDENTIALS: value });
    await expect(credential.headers(request("a"))).rejects.toThrow(
      /^GOOGLE_APPLICATION_CREDENTIALS is not the path/,
    );
  }
  expect(library.scopes).toEqual([]);
});
