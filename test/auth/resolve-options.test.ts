import { authInterceptor } from "../../src/auth/interceptor.js";
import { noLibrary } from "./auth-fixture.js";

const MARKER = "planted-secret";
const source = { getRequestHeaders: async () => ({}) };

const refused: [string, unknown, string][] = [
  ["no options", null, "googleAuth: options: invalid value (got null; expected an object)"],
  [
    "an unknown option",
    { scope: "a" },
    'googleAuth: unknown option "scope" (expected auth, token, apiKey, scopes',
  ],
  [
    "two kinds of credential",
    { token: MARKER, apiKey: MARKER },
    "token and apiKey are both given; expected one",
  ],
  [
    "a client and a token",
    { auth: source, token: MARKER },
    "auth and token are both given; expected one credential",
  ],
  ["text for a client", { auth: MARKER }, "auth is a string; expected an object with getRequestHeaders"],
  ["null for a client", { auth: null }, "auth: invalid value (got null; expected undefined for the default)"],
  ["a number for a client", { auth: 1 }, "auth is of type number; expected"],
  ["an object that is no client", { auth: { token: MARKER } }, "auth is of type object; expected"],
  ["an empty token", { token: "" }, "token is empty"],
  ["a token of another type", { token: 5 }, "token is not a string but number"],
  [
    "a token with its scheme",
    { token: `Bearer ${MARKER}` },
    "token begins with Bearer; expected the token alone",
  ],
  [
    "a token with a line break at its end",
    { token: `${MARKER}\n` },
    "(U+000A at 14): white space at the end",
  ],
  ["a token that would add a header", { token: `a\r\nx-evil: ${MARKER}` }, "(U+000D at 1)"],
  [
    "an API key with NUL",
    { apiKey: `${MARKER}\0` },
    "apiKey has a character that no credential has (U+0000 at 14)",
  ],
  ["no scope", { scopes: [] }, "scopes is an empty list"],
  ["scopes in one text", { scopes: "a b" }, 'scopes has "a b"; expected one scope each'],
  ["scopes as gcloud writes them", { scopes: ["a,b"] }, 'scopes has "a,b"; expected one scope each'],
  ["a scope of another type", { scopes: [1] }, "scopes has a value of type number; expected one scope each"],
  ["a hole in a list of scopes", { scopes: new Array(1) }, "scopes has a value of type undefined"],
  ["a hole in a list of origins", { origins: new Array(1) }, "origins has a value of type undefined"],
  [
    "a text for scopes of methods",
    { methodScopes: "a" },
    'methodScopes: invalid value (got "a"; expected an object)',
  ],
  [
    "a Map of scopes of methods",
    { methodScopes: new Map() },
    "methodScopes: invalid value (got a Map; expected an object)",
  ],
  ["a BigInt for a project", { quotaProject: 1n }, "quotaProject is of type bigint; expected a project id"],
  ["no scope for a method", { methodScopes: { m: [] } }, "methodScopes of m is an empty list"],
  [
    "a quota project as a resource",
    { quotaProject: "projects/1" },
    'quotaProject is "projects/1"; expected a project id',
  ],
  ["a quota project that would add a header", { quotaProject: "p\r\nx: y" }, 'quotaProject is "p\\r\\nx: y"'],
  ["a universe with a scheme", { universeDomain: "https://googleapis.com" }, "universeDomain is"],
  ["no origin", { origins: [] }, "origins is an empty list, which lets no call through"],
  ["an origin with a path", { origins: "https://a.example/v1" }, "origins has https://a.example with a path"],
  [
    "an origin without TLS",
    { origins: ["http://a.example"] },
    "googleAuth: origins: plain http to a host that is not this machine (got http://a.example;",
  ],
  ["an origin of another type", { origins: [1] }, "origins has a value of type number"],
];

test.each(refused)("refuses %s", (_, options, problem) => {
  let error: unknown;
  try {
    // What a program without types may pass.
    authInterceptor(options as never, noLibrary, "googleAuth");
  } catch (thrown) {
    error = thrown;
  }
  if (!(error instanceof TypeError)) throw new Error("nothing was rejected", { cause: error });
  expect(error.message).toContain(problem);
  expect(error.message).not.toContain(MARKER);
});

test("takes every option once", () => {
  const options = {
    auth: source,
    scopes: ["https://www.googleapis.com/auth/cloud-platform", "openid"],
    methodScopes: { "google.longrunning.Operations.GetOperation": ["a"] },
    quotaProject: "example.com:my-project-1",
    universeDomain: "googleapis.com",
    origins: ["https://a.example", "http://[::1]:8080"],
  };
  expect(() => authInterceptor(options, noLibrary, "googleAuth")).not.toThrow();
  expect(() => authInterceptor({ auth: undefined, token: undefined }, noLibrary, "googleAuth")).not.toThrow();
});
