// SPDX-License-Identifier: Apache-2.0
import { Code } from "@connectrpc/connect";
import { Operations } from "../../gen/google/longrunning/operations_pb.js";
import { createRestTransport, HttpRuleError, type RestTransportOptions } from "../../src/index.js";
import { reportRunRules, thrownBy } from "./rest-fixture.js";

const baseUrl = "https://example.com";
const { cancelOperation, getOperation } = Operations.method;

test.each<[object, string]>([
  [{}, "baseUrl: is not a string (got undefined"],
  [{ baseUrl, timeoutMs: 5 }, 'unknown option "timeoutMs"'],
  [{ baseUrl, defaultTimeoutMs: -1 }, "defaultTimeoutMs: invalid value (got -1"],
  [{ baseUrl, defaultTimeoutMs: "5" }, 'defaultTimeoutMs: invalid value (got "5"'],
  [{ baseUrl, maxResponseBytes: 0 }, "maxResponseBytes: invalid value (got 0"],
  [{ baseUrl, maxResponseBytes: Number.NaN }, "maxResponseBytes: invalid value (got NaN"],
  [{ baseUrl, allowInsecure: "yes" }, 'allowInsecure: invalid value (got "yes"'],
  [{ baseUrl, sendServerTimeout: 1 }, "sendServerTimeout: invalid value (got 1"],
  [{ baseUrl, interceptors: [{}] }, "interceptors: invalid value"],
  [{ baseUrl, httpRules: {} }, "httpRules: not an array"],
  [{ baseUrl, registry: {} }, "registry: not a registry"],
  [{ baseUrl, dispatcher: {} }, "dispatcher: has no dispatch function"],
  [{ baseUrl, dispatcher: null }, "dispatcher: invalid value (got null; expected undefined for the default)"],
  [{ baseUrl, httpRules: null }, "httpRules: invalid value (got null; expected undefined for the default)"],
  [{ baseUrl, systemParameters: new Map() }, "systemParameters: options: invalid value (got a Map; expected"],
  [{ baseUrl, interceptors: new Array(1) }, "interceptors: invalid value (expected an array of functions)"],
  [{ baseUrl, tls: { ca: 5 } }, "tls.ca: invalid value (expected PEM as text or bytes, or an array of them)"],
  [
    { baseUrl, tls: { ca: ["PEM", null] } },
    "tls.ca: invalid value (expected PEM as text or bytes, or an array",
  ],
  [{ baseUrl, tls: { key: { pem: "" } } }, "tls.key: invalid value (expected PEM as text or bytes)"],
  [{ baseUrl, tls: { passphrase: 1234 } }, "tls.passphrase: invalid value (expected text)"],
  [{ baseUrl, tls: { servername: true } }, "tls.servername: invalid value (expected text)"],
  [{ baseUrl, fetch: {} }, "fetch: not a function (got object)"],
  [{ baseUrl, fetch, dispatcher: { dispatch: () => true } }, "dispatcher: given beside fetch"],
  [{ baseUrl, fetch, tls: {} }, "tls: given beside fetch"],
  [{ baseUrl, fetch, proxy: false }, "proxy: given beside fetch"],
  [{ baseUrl, dispatcher: { dispatch: () => true }, maxSockets: 1 }, "maxSockets: given beside dispatcher"],
  [{ baseUrl, maxSockets: 0 }, "maxSockets: invalid value (got 0"],
  [{ baseUrl, maxSockets: 1.5 }, "maxSockets: invalid value (got 1.5"],
  [{ baseUrl, proxy: "proxy.test:3128" }, "proxy: not the URL of a proxy"],
  [{ baseUrl, proxy: true }, "proxy: not the URL of a proxy"],
  [{ baseUrl: "http://localhost", proxy: "http://proxy.test" }, "proxy: baseUrl is http:"],
  [{ baseUrl, systemParameters: { alt: "json" } }, 'systemParameters: unknown option "alt"'],
  [
    { baseUrl, systemParameters: { enumEncoding: "text" } },
    'systemParameters.enumEncoding: invalid value (got text; expected "int"',
  ],
  [{ baseUrl, systemParameters: { prettyPrint: 0 } }, "systemParameters.prettyPrint: invalid value (got 0"],
  [
    { baseUrl, systemParameters: { apiVersion: "a b" } },
    'systemParameters.apiVersion: invalid value (got "a b"',
  ],
  [{ baseUrl, tls: { rejectUnauthorized: false } }, 'tls: unknown option "rejectUnauthorized"'],
  [{ baseUrl: "http://localhost", tls: {} }, "tls: baseUrl is http:"],
  [{ baseUrl: "http://example.com" }, "plain http"],
])("rejects %j at construction", (options, problem) => {
  const create = () => createRestTransport(options as RestTransportOptions);
  expect(create).toThrow(TypeError);
  expect(create).toThrow(problem);
});

test("rejects a bad rule at construction, with its selector and column", () => {
  const httpRules = [
    { selector: "google.longrunning.Operations.GetOperation", get: "/v1/{name=operations/*" },
  ];
  const create = () => createRestTransport({ baseUrl, httpRules });
  expect(create).toThrow(HttpRuleError);
  expect(create).toThrow(/google\.longrunning\.Operations\.GetOperation.* column 23/);
});

test("rejects a rule that does not fit its method when the method is first called, and sends nothing", () => {
  const transport = createRestTransport({
    baseUrl,
    httpRules: [{ selector: "google.longrunning.Operations.GetOperation", get: "/v1/{title=*}" }],
  });
  const error = thrownBy(() => transport.describe(getOperation, { name: "operations/1" }));
  expect(error).toMatchObject({
    code: Code.InvalidArgument,
    requestSent: false,
    operationName: "operations/1",
  });
  expect(error.rawMessage).toContain("title");
});

test("leaves the options as they are, and does not notice when they change later", () => {
  const httpRules = [
    { selector: "google.longrunning.Operations.CancelOperation", post: "/v9/{name=**}:cancel" },
  ];
  const options = { baseUrl, httpRules, interceptors: [], systemParameters: { prettyPrint: false } };
  const before = structuredClone({ ...options, interceptors: [] });
  Object.freeze(options.systemParameters);
  const transport = createRestTransport(Object.freeze(options));
  transport.describe(cancelOperation, { name: "operations/1" });
  expect(options).toEqual(before);
  httpRules.length = 0;
  expect(transport.describe(cancelOperation, { name: "a/1" }).url).toBe(
    "https://example.com/v9/a/1:cancel?$prettyPrint=0",
  );
});

test("keeps the rules of two transports apart", () => {
  const ads = createRestTransport({ baseUrl: "https://admanager.googleapis.com", httpRules: reportRunRules });
  const other = createRestTransport({ baseUrl });
  const name = "networks/1/operations/reports/runs/2";
  expect(ads.describe(cancelOperation, { name }).url).toContain(`/v1/${name}:cancel`);
  expect(thrownBy(() => other.describe(cancelOperation, { name })).rawMessage).toContain("operations/**");
  expect(other.describe(cancelOperation, { name: "operations/2" }).url).toBe(
    "https://example.com/v1/operations/2:cancel",
  );
  expect(thrownBy(() => ads.describe(cancelOperation, { name: "operations/2" })).code).toBe(
    Code.InvalidArgument,
  );
});

test.each<[string, RestTransportOptions["systemParameters"], string]>([
  ["https://longrunning.googleapis.com", undefined, "?$alt=json%3Benum-encoding%3Dint"],
  ["https://googleapis.com.example.com", undefined, ""],
  ["https://evilgoogleapis.com", undefined, ""],
  ["https://example.com", { enumEncoding: "int" }, "?$alt=json%3Benum-encoding%3Dint"],
  ["https://a.googleapis.com", { enumEncoding: "name" }, ""],
  ["https://example.com", { prettyPrint: false }, "?$prettyPrint=0"],
  ["https://example.com", { prettyPrint: true }, "?$prettyPrint=1"],
  ["https://example.com", { apiVersion: "2026-01&b=c" }, "?$apiVersion=2026-01%26b%3Dc"],
  [
    "https://a.googleapis.com",
    { prettyPrint: false, apiVersion: "v1_2" },
    "?$alt=json%3Benum-encoding%3Dint&$prettyPrint=0&$apiVersion=v1_2",
  ],
])("sends to %s with %j the system parameters %j", (url, systemParameters, want) => {
  const transport = createRestTransport({ baseUrl: url, systemParameters });
  expect(transport.describe(getOperation, { name: "operations/1" }).url).toBe(
    `${url}/v1/operations/1${want}`,
  );
});

test("puts system parameters behind the query of the request, and a prefix in front of the path", () => {
  const transport = createRestTransport({
    baseUrl: "https://example.com/proxy/",
    systemParameters: { enumEncoding: "int" },
  });
  expect(transport.describe(Operations.method.listOperations, { name: "operations", pageSize: 5 }).url).toBe(
    "https://example.com/proxy/v1/operations?pageSize=5&$alt=json%3Benum-encoding%3Dint",
  );
});
