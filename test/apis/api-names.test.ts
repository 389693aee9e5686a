// SPDX-License-Identifier: Apache-2.0
import { Code } from "@connectrpc/connect";
import { hostOf, parseHost } from "../../src/apis/host.js";
import { pollingOf } from "../../src/apis/polling.js";
import { compareVersions, preferredVersions } from "../../src/apis/version.js";
import { apiOf, apis, baseUrlOf, createApiClient, httpRulesOf, operationOf } from "../../src/apis.js";
import { CallError } from "../../src/index.js";

/** The error of a call that must refuse its argument before anything is sent. */
function refusalOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (!(error instanceof CallError)) throw error;
    expect({ code: error.code, requestSent: error.requestSent }).toEqual({
      code: Code.InvalidArgument,
      requestSent: false,
    });
    return error.message;
  }
  throw new Error("expected an error");
}

test.each([
  ["spaner", /did you mean spanner/],
  ["vertex", /did you mean aiplatform/],
  ["spanner.example.com", /did you mean spanner/],
  ["zzzzzzzzzzzzzzzz", /apis\(\) lists/],
  ["constructor", /unknown/],
  ["__proto__", /unknown/],
  ["spanner.googleapis.com.", /unknown/],
  ["spanner.googleapis.com:443", /unknown/],
  ["user@spanner.googleapis.com", /unknown/],
  ["spanner%2Egoogleapis.com", /unknown/],
  ["ѕpanner.googleapis.com", /unknown/], // its first letter is Cyrillic
  [" spanner", /unknown/],
  ["https://spanner.googleapis.com", /unknown/],
  ["a.b.rep.googleapis.com.rep.googleapis.com", /unknown/],
  ["spanner.us_east4.rep.googleapis.com", /unknown/],
  ["googleapis.com", /unknown/],
  ["s".repeat(100_000), /unknown \(got "s{200}…"/],
  ["spanner.googleapis.com.evil.example", /unknown/],
  ["", /expected one such as/],
])("an unknown API %j is refused, with the nearest ones", (api, message) => {
  expect(refusalOf(() => httpRulesOf(api))).toMatch(message);
});

test.each([
  "spanner",
  "SPANNER",
  "spanner.googleapis.com",
  "spanner.mtls.googleapis.com",
  "spanner.us-east4.rep.googleapis.com",
])("an API is found by %s", (api) => {
  expect(httpRulesOf(api)).toEqual(httpRulesOf("spanner", { version: "v1" }));
});

test("without a version the only stable one is meant, else the newest beta; several stable ones must be chosen from", () => {
  expect(httpRulesOf("redis")).toEqual(httpRulesOf("redis", { version: "v1" }));
  expect(preferredVersions(["v1alpha", "v1beta1", "v2beta1", "v1p1beta1"])).toEqual(["v2beta1"]);
  expect(preferredVersions(["v1alpha1", "v1alpha2"])).toEqual(["v1alpha2"]);
  expect(["v1beta1", "v2", "v1alpha", "v1p3beta1", "v1", "v10"].sort(compareVersions)).toEqual([
    "v10",
    "v2",
    "v1",
    "v1p3beta1",
    "v1beta1",
    "v1alpha",
  ]);
  expect(refusalOf(() => httpRulesOf("dialogflow"))).toMatch(/several \(expected one of v3, v2\)/);
  expect(refusalOf(() => httpRulesOf("spanner", { version: "v9" }))).toMatch(/got "v9"; expected one of v1/);
});

test("an API whose rules are not published is rejected, and says what to use", () => {
  const nameless = apis().filter(({ versions }) => !versions.some(({ hasRules }) => hasRules));
  expect(nameless).toHaveLength(11);
  for (const { host } of nameless)
    expect(refusalOf(() => httpRulesOf(host))).toMatch(/createOperationsClient/);
});

test.each([
  ["spanner.googleapis.com", {}, "spanner.googleapis.com"],
  ["run.googleapis.com", { region: "us-central1" }, "us-central1-run.googleapis.com"],
  ["spanner.googleapis.com", { region: "me-central2" }, "spanner.me-central2.rep.googleapis.com"],
  ["run.googleapis.com", { region: "global" }, "run.googleapis.com"],
  ["spanner.googleapis.com", { universeDomain: "apis-example.goog" }, "spanner.apis-example.goog"],
])("the host of %s at %j is %s", (host, location, expected) => {
  expect(hostOf(host, location)).toBe(expected);
});

test.each([
  [{ region: "us-central1.evil.example" }],
  [{ region: "us central1" }],
  [{ region: "evil.example/" }],
  [{ region: "" }],
  [{ region: "@evil" }],
  [{ universeDomain: "evil.example/x" }],
  [{ universeDomain: "localhost" }],
  [{ universeDomain: "a..b" }],
  [{ universeDomain: "evil.example:443" }],
  [{ region: "US-CENTRAL1" }],
  [{ region: "us-central1." }],
  [{ region: "us%2Dcentral1" }],
  [{ region: "-us" }],
  [{ region: "us_central1" }],
  [{ region: "u:p@evil" }],
  [{ region: "еurope-west1" }], // its first letter is Cyrillic
  [{ region: "a".repeat(64) }],
  [{ universeDomain: "Evil.example" }],
  [{ universeDomain: "evil.example." }],
  [{ universeDomain: ".evil.example" }],
  [{ universeDomain: "user@evil.example" }],
  [{ universeDomain: "evil%2Eexample" }],
  [{ universeDomain: "127.0.0.1" }],
  [{ universeDomain: "evil.0x7f" }],
  [{ universeDomain: "bücher.example" }],
  [{ universeDomain: `${"a.".repeat(100)}example` }],
])("no host is made of %j", (location) => {
  expect(refusalOf(() => hostOf("run.googleapis.com", location as object))).toMatch(
    /^\[invalid_argument\] (region|universeDomain): /,
  );
});

test.each([
  [{ region: 5 }],
  [{ region: null }],
  [{ region: { toString: () => "us-central1" } }],
  [{ universeDomain: 5 }],
])("no host is made of %j, which is no text", (location) => {
  expect(() => hostOf("run.googleapis.com", location as object)).toThrow(TypeError);
});

test("every host of the catalogue, and each of its regional forms, is taken apart as it was made", () => {
  for (const { host } of apis()) {
    expect(parseHost(host)).toMatchObject({ host, region: undefined, endpoint: undefined });
    const regional = hostOf(host, { region: "europe-west12" });
    expect(parseHost(regional)).toEqual({ host, region: "europe-west12", endpoint: regional });
  }
});

test.each([
  [
    "//run.googleapis.com/projects/p/locations/l/operations/o",
    {
      api: "run.googleapis.com",
      version: undefined,
      region: undefined,
      name: "projects/p/locations/l/operations/o",
    },
  ],
  [
    "https://run.googleapis.com/v2/projects/p/locations/l/operations/o",
    {
      api: "run.googleapis.com",
      version: "v2",
      region: undefined,
      name: "projects/p/locations/l/operations/o",
    },
  ],
  [
    "https://us-west1-run.googleapis.com/v2/projects/p/locations/l/operations/o",
    {
      api: "run.googleapis.com",
      version: "v2",
      region: "us-west1",
      name: "projects/p/locations/l/operations/o",
    },
  ],
  [
    "https://pubsublite.googleapis.com/v1/admin/projects/p/locations/l/operations/o",
    {
      api: "pubsublite.googleapis.com",
      version: "v1",
      region: undefined,
      name: "projects/p/locations/l/operations/o",
    },
  ],
  [
    "https://storagetransfer.googleapis.com/v1/transferOperations/a%20b",
    {
      api: "storagetransfer.googleapis.com",
      version: "v1",
      region: undefined,
      name: "transferOperations/a b",
    },
  ],
])("the full name %s says API, version, region and name", (fullName, expected) => {
  expect(operationOf(fullName)).toEqual(expected);
});

test.each([
  "//evil.example/projects/p/operations/o",
  "https://evil.example/v1/operations/o",
  "//run.googleapis.com@evil.example/v1/operations/o",
  "//run.googleapis.com:8443/projects/p/locations/l/operations/o",
  "//run.googleapis.com/",
  "http://run.googleapis.com/v2/projects/p/locations/l/operations/o",
  "https://run.googleapis.com/projects/p/locations/l/operations/o",
  "https://run.googleapis.com/v2/projects/p/locations/l/operations/o?alt=json",
  "https://run.googleapis.com/v2/projects/p/locations/l/operations/o#x",
  "https://run.googleapis.com/v2/operations/%zz",
  "projects/p/locations/l/operations/o",
  "//run.googleapis.com\\@evil.example/x",
  "//run.googleapis.com.evil.example/x/y",
  "//run.googleapis.com./x/y",
  "//xn--run-1na.googleapis.com/x/y",
  "//user:password@run.googleapis.com/x/y",
  "https://run%2Egoogleapis.com/v2/x",
  "//run.googleapis.com%00.evil.example/x/y",
  "https://run.googleapis.com/v2/projects/p/operations/o:cancel",
  "https://run.googleapis.com/v2/projects/p/operations/o:wait",
  "https://run.googleapis.com/v2/%ff",
  "ftp://run.googleapis.com/v2/x",
  "///run.googleapis.com/x",
  "",
])("no operation is read from %s", (fullName) => {
  expect(refusalOf(() => operationOf(fullName))).toMatch(/^\[invalid_argument\] (name|api): /);
});

test("what is decoded from a link goes no other way: the client rejects what a path cannot say", async () => {
  const client = createApiClient("run", { auth: false, fetch: () => Promise.reject(new Error("sent")) });
  for (const end of [
    "%2e%2e",
    "..",
    "a%2Fb/%2e",
    "a%3Fb",
    "a%23b",
    "a%5Cb",
    "a%0Ab",
    "a//b",
    "%E2%80%AE%00",
  ]) {
    const link = `https://run.googleapis.com/v2/projects/p/locations/l/operations/${end}`;
    await expect(client.getOperation(link)).rejects.toMatchObject({
      code: Code.InvalidArgument,
      requestSent: false,
    });
  }
});

test("a version is one of the API's", () => {
  for (const version of ["../v1", "v1/", "V1", "constructor", ""]) {
    expect(refusalOf(() => httpRulesOf("spanner", { version }))).toMatch(
      /^\[invalid_argument\] version: unknown/,
    );
  }
});

test("apiOf and baseUrlOf are for a transport of one's own", () => {
  expect(apiOf("//run.googleapis.com/projects/p/locations/l/operations/o")).toEqual(apiOf("run"));
  expect(apiOf("us-east1-run.googleapis.com")).toMatchObject({ name: "run", title: "Cloud Run Admin API" });
  expect(refusalOf(() => apiOf("runn"))).toMatch(/did you mean .*\brun\?/);
  expect(baseUrlOf("run")).toBe("https://run.googleapis.com");
  expect(baseUrlOf("run", { region: "us-east1" })).toBe("https://us-east1-run.googleapis.com");
  expect(baseUrlOf("spanner", { region: "me-central2", universeDomain: "apis-tpczero.goog" })).toBe(
    "https://spanner.me-central2.rep.apis-tpczero.goog",
  );
  expect(baseUrlOf("spanner.mtls.googleapis.com")).toBe("https://spanner.mtls.googleapis.com");
  expect(baseUrlOf("us-east1-run.googleapis.com", { region: "eu" })).toBe("https://eu-run.googleapis.com");
  expect(baseUrlOf("https://us-west1-run.googleapis.com/v2/a/b")).toBe("https://us-west1-run.googleapis.com");
  expect(() => baseUrlOf("run", { regoin: "x" } as object)).toThrow(/baseUrlOf: unknown option "regoin"/);
});

test("polling settings are those of the method's configuration", () => {
  expect(pollingOf("google.spanner.admin.database.v1.DatabaseAdmin.CreateBackup")).toEqual({
    initialMs: 20_000,
    multiplier: 1.5,
    maxMs: 45_000,
    timeoutMs: 172_800_000,
  });
  expect(pollingOf("google.spanner.admin.database.v1.DatabaseAdmin.DropDatabase")).toBeUndefined();
});

test("httpRulesOf rejects an option that it does not have", () => {
  const options = { verson: "v1" } as object;
  expect(() => httpRulesOf("spanner", options)).toThrow(
    new TypeError('httpRulesOf: unknown option "verson" (expected version)'),
  );
});
