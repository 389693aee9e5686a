// SPDX-License-Identifier: Apache-2.0
import { createVerify, generateKeyPairSync } from "node:crypto";
import { Code } from "@connectrpc/connect";
import {
  DownscopedClient,
  GoogleAuth,
  IdentityPoolClient,
  Impersonated,
  JWT,
  OAuth2Client,
  PassThroughClient,
  UserRefreshClient,
} from "google-auth-library";
import { googleAuth } from "../../src/auth.js";
import { createOperationsClient } from "../../src/index.js";
import { createFakeClock } from "../../src/testing.js";
import { createServer, failureOf, unauthenticated } from "./auth-fixture.js";
import { createTokenEndpoints, inAnHour, type TokenEndpoints } from "./token-endpoints.js";

const SCOPE = "https://www.googleapis.com/auth/admanager";
const keys = generateKeyPairSync("rsa", {
  modulusLength: 2048,
  publicKeyEncoding: { type: "spki", format: "pem" },
  privateKeyEncoding: { type: "pkcs8", format: "pem" },
});

/** Reads a JWT that was signed with the key above; fails when it was not. */
function verified(authorization: string | null | undefined): Record<string, unknown> {
  const [head, payload, signature] = (authorization ?? "").replace("Bearer ", "").split(".");
  const isSigned = createVerify("RSA-SHA256")
    .update(`${head}.${payload}`)
    .verify(keys.publicKey, signature ?? "", "base64url");
  expect(isSigned).toBe(true);
  return JSON.parse(Buffer.from(payload ?? "", "base64url").toString("utf8"));
}

/** Makes one call with the credential; answers the headers that the server saw. */
async function headersWith(auth: Parameters<typeof googleAuth>[0]) {
  const server = createServer();
  await server.client(googleAuth(auth)).getOperation({ name: "operations/1" });
  return server.calls[0];
}

describe("every kind of credential", () => {
  test("an OAuth 2.0 client with a token", async () => {
    const auth = new OAuth2Client();
    auth.setCredentials({ access_token: "token-1" });
    expect((await headersWith({ auth }))?.get("authorization")).toBe("Bearer token-1");
  });

  test("an OAuth 2.0 client with a refresh handler", async () => {
    const auth = new OAuth2Client();
    auth.refreshHandler = async () => ({ access_token: "handled", expiry_date: inAnHour() });
    expect((await headersWith({ auth }))?.get("authorization")).toBe("Bearer handled");
  });

  test("a user's login, with the quota project in it", async () => {
    const endpoints = createTokenEndpoints(() => ({
      json: { access_token: "user-token", expires_in: 3600 },
    }));
    const auth = new UserRefreshClient({
      clientId: "id",
      clientSecret: "secret",
      refreshToken: "refresh",
      transporterOptions: { fetchImplementation: endpoints.fetch },
    });
    auth.quotaProjectId = "project-of-the-file";
    const headers = await headersWith({ auth });
    expect(headers?.get("authorization")).toBe("Bearer user-token");
    expect(headers?.get("x-goog-user-project")).toBe("project-of-the-file");
  });

  test("a service account's key that signs its own tokens with a scope", async () => {
    const auth = new JWT({
      email: "me@project.iam.gserviceaccount.com",
      key: keys.privateKey,
      scopes: [SCOPE],
    });
    auth.useJWTAccessWithScope = true;
    const claims = verified((await headersWith({ auth }))?.get("authorization"));
    expect(claims).toMatchObject({ iss: "me@project.iam.gserviceaccount.com", scope: SCOPE });
  });

  test("a service account's key without scopes signs for the origin that is called", async () => {
    const auth = new JWT({ email: "me@project.iam.gserviceaccount.com", key: keys.privateKey });
    const claims = verified((await headersWith({ auth }))?.get("authorization"));
    expect(claims).toMatchObject({ aud: "https://in-memory/" });
  });

  test("a service account's key that is exchanged for a token", async () => {
    const endpoints = createTokenEndpoints(() => ({ json: { access_token: "exchanged", expires_in: 3600 } }));
    const auth = new JWT({
      email: "me@project.iam.gserviceaccount.com",
      key: keys.privateKey,
      scopes: [SCOPE],
      transporterOptions: { fetchImplementation: endpoints.fetch },
    });
    expect((await headersWith({ auth }))?.get("authorization")).toBe("Bearer exchanged");
    const assertion = new URLSearchParams(endpoints.requests[0]?.body).get("assertion");
    expect(verified(assertion)).toMatchObject({ scope: SCOPE });
  });

  test("an impersonated service account", async () => {
    const endpoints = createTokenEndpoints(() => ({
      json: { accessToken: "impersonated", expireTime: new Date(inAnHour()).toISOString() },
    }));
    const sourceClient = new OAuth2Client({ transporterOptions: { fetchImplementation: endpoints.fetch } });
    sourceClient.setCredentials({ access_token: "source", expiry_date: inAnHour() });
    const auth = new Impersonated({
      sourceClient,
      targetPrincipal: "robot@project.iam.gserviceaccount.com",
      targetScopes: [SCOPE],
    });
    expect((await headersWith({ auth }))?.get("authorization")).toBe("Bearer impersonated");
    expect(endpoints.requests[0]?.url).toContain("robot@project.iam.gserviceaccount.com:generateAccessToken");
    expect(endpoints.requests[0]?.authorization).toBe("Bearer source");
  });

  test("an API key of the library, and one of ours", async () => {
    expect(
      (await headersWith({ auth: new GoogleAuth({ apiKey: "key-1", projectId: "p" }) }))?.get(
        "x-goog-api-key",
      ),
    ).toBe("key-1");
    expect((await headersWith({ apiKey: "key-2" }))?.get("x-goog-api-key")).toBe("key-2");
  });

  test("a finder with a client in it", async () => {
    const authClient = new OAuth2Client();
    authClient.setCredentials({ access_token: "found" });
    expect((await headersWith({ auth: new GoogleAuth({ authClient }) }))?.get("authorization")).toBe(
      "Bearer found",
    );
  });

  test("a downscoped token", async () => {
    const authClient = new OAuth2Client();
    const boundary = {
      accessBoundary: { accessBoundaryRules: [{ availablePermissions: ["a"], availableResource: "b" }] },
    };
    const auth = new DownscopedClient({ authClient, credentialAccessBoundary: boundary });
    auth.setCredentials({ access_token: "narrow", expiry_date: inAnHour() });
    expect((await headersWith({ auth }))?.get("authorization")).toBe("Bearer narrow");
  });

  test("none at all, on purpose", async () => {
    expect((await headersWith({ auth: new PassThroughClient() }))?.has("authorization")).toBe(false);
  });
});

describe("a client of the library whose token was refused", () => {
  const refuseFirst = () =>
    createServer((_, call) => {
      if (call === 1) throw unauthenticated();
    });
  const numbered = () =>
    createTokenEndpoints((_, count) => ({ json: { access_token: `token-${count}`, expires_in: 3600 } }));

  test("a user's login is exchanged anew", async () => {
    const endpoints = numbered();
    const auth = new UserRefreshClient({
      clientId: "id",
      clientSecret: "secret",
      refreshToken: "refresh",
      transporterOptions: { fetchImplementation: endpoints.fetch },
    });
    const server = refuseFirst();
    await server.client(googleAuth({ auth })).getOperation({ name: "a" });
    expect(server.calls.map((headers) => headers.get("authorization"))).toEqual([
      "Bearer token-1",
      "Bearer token-2",
    ]);
  });

  test("a service account's key is exchanged anew, also through a finder", async () => {
    const endpoints = numbered();
    const authClient = new JWT({
      email: "me@project.iam.gserviceaccount.com",
      key: keys.privateKey,
      scopes: [SCOPE],
      transporterOptions: { fetchImplementation: endpoints.fetch },
    });
    const server = refuseFirst();
    await server.client(googleAuth({ auth: new GoogleAuth({ authClient }) })).getOperation({ name: "a" });
    expect(server.calls.map((headers) => headers.get("authorization"))).toEqual([
      "Bearer token-1",
      "Bearer token-2",
    ]);
  });

  test("a client that was handed a token alone is left as it is", async () => {
    const auth = new OAuth2Client();
    auth.setCredentials({ access_token: "only-token", expiry_date: inAnHour() });
    const before = { ...auth.credentials };
    const server = createServer(() => {
      throw unauthenticated();
    });
    const error = await failureOf(server.client(googleAuth({ auth })).getOperation({ name: "a" }));
    expect(error.message).toContain("refused: an OAuth 2.0 client.");
    expect(server.calls).toHaveLength(1);
    expect(auth.credentials).toMatchObject(before);
  });
});

test("a token that expires in the middle of many calls is replaced, by one exchange", async () => {
  const endpoints = createTokenEndpoints((_, count) => ({
    json: { access_token: `token-${count}`, expires_in: 3600 },
  }));
  const auth = new UserRefreshClient({
    clientId: "id",
    clientSecret: "secret",
    refreshToken: "refresh",
    transporterOptions: { fetchImplementation: endpoints.fetch },
  });
  const server = createServer();
  const client = server.client(googleAuth({ auth }));
  const watch = async () => {
    for (let look = 1; look <= 20; look++) {
      if (look === 10) auth.credentials.expiry_date = Date.now() - 1;
      await Promise.all(Array.from({ length: 8 }, () => client.getOperation({ name: "a" })));
    }
  };
  await watch();
  const tokens = server.calls.map((headers) => headers.get("authorization"));
  expect(tokens.slice(0, 72)).toEqual(Array(72).fill("Bearer token-1"));
  expect(tokens.slice(72)).toEqual(Array(88).fill("Bearer token-2"));
  expect(endpoints.requests).toHaveLength(2);
});

test("a token that expires in the middle of a watch is replaced, and the watch goes on", async () => {
  const endpoints = createTokenEndpoints((_, count) => ({
    json: { access_token: `token-${count}`, expires_in: 3600 },
  }));
  const auth = new UserRefreshClient({
    refreshToken: "refresh",
    transporterOptions: { fetchImplementation: endpoints.fetch },
  });
  const server = createServer((_, call) => {
    if (call === 3) auth.credentials.expiry_date = Date.now() - 1;
  }, 6);
  const clock = createFakeClock();
  const client = createOperationsClient({ transport: server.transport(googleAuth({ auth })), clock });
  const states: string[] = [];
  const watched = (async () => {
    for await (const { state } of client.operation("operations/1").watch()) states.push(state);
  })();
  let over = false;
  void watched.finally(() => {
    over = true;
  });
  while (!over) {
    await Promise.race([clock.whenSleeping(), watched]);
    await clock.advance(60_000);
  }
  expect(states.at(-1)).toBe("succeeded");
  const tokens = server.calls.map((headers) => headers.get("authorization"));
  expect(tokens).toEqual([...Array(3).fill("Bearer token-1"), ...Array(3).fill("Bearer token-2")]);
});

describe("universes", () => {
  test("a credential of another universe is not sent to this one's endpoints", async () => {
    const auth = new OAuth2Client({ universeDomain: "apis-elsewhere.example" });
    auth.setCredentials({ access_token: "elsewhere" });
    const server = createServer();
    const error = await failureOf(server.client(googleAuth({ auth })).getOperation({ name: "a" }));
    expect(error).toMatchObject({ code: Code.InvalidArgument, requestSent: false });
    expect(error.message).toContain(
      "it is of the universe apis-elsewhere.example, and https://in-memory is taken to be",
    );
    expect(server.calls).toHaveLength(0);
  });

  test("the option says which universe an endpoint is of", async () => {
    const universeDomain = "apis-elsewhere.example";
    const auth = new OAuth2Client({ universeDomain });
    auth.setCredentials({ access_token: "elsewhere" });
    expect((await headersWith({ auth, universeDomain }))?.get("authorization")).toBe("Bearer elsewhere");
    const other = await failureOf(
      createServer()
        .client(googleAuth({ auth: new GoogleAuth({ authClient: auth }), universeDomain: "third.example" }))
        .getOperation({ name: "a" }),
    );
    expect(other.message).toContain("taken to be of third.example");
  });
});

describe("an external account", () => {
  /** A client whose exchanges go to the stand-in. The library makes them with a transporter that takes no options. */
  const externalAccount = (endpoints: TokenEndpoints) => {
    const auth = new IdentityPoolClient({
      type: "external_account",
      audience: "//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/providers/q",
      subject_token_type: "urn:ietf:params:oauth:token-type:jwt",
      token_url: "https://sts.googleapis.com/v1/token",
      subject_token_supplier: { getSubjectToken: async () => "planted-subject-token" },
    });
    const transporter = Reflect.get(Reflect.get(auth, "stsCredential"), "transporter");
    Object.assign(transporter.defaults, { fetchImplementation: endpoints.fetch });
    return auth;
  };

  test("is exchanged for a token, and anew when that is refused", async () => {
    const endpoints = createTokenEndpoints((_, count) => ({
      json: { access_token: `token-${count}`, expires_in: 3600, token_type: "Bearer" },
    }));
    const server = createServer((_, call) => {
      if (call === 1) throw unauthenticated();
    });
    await server.client(googleAuth({ auth: externalAccount(endpoints) })).getOperation({ name: "a" });
    expect(server.calls.map((headers) => headers.get("authorization"))).toEqual([
      "Bearer token-1",
      "Bearer token-2",
    ]);
    expect(endpoints.requests[0]?.body).toContain("planted-subject-token");
  });

  test("fails with what the token endpoint answered, and not with what it was sent", async () => {
    const endpoints = createTokenEndpoints(() => ({
      status: 400,
      json: { error: "invalid_grant", error_description: "the subject token planted-subject-token is bad" },
    }));
    const call = createServer()
      .client(googleAuth({ auth: externalAccount(endpoints) }))
      .getOperation({ name: "a" });
    const error = await failureOf(call);
    expect(error).toMatchObject({ code: Code.Unauthenticated, requestSent: false });
    expect(error.message).toContain(
      "no token from an external account: sts.googleapis.com answered HTTP 400, invalid_grant",
    );
    expect(error.message).not.toContain("planted");
  });
});
