// SPDX-License-Identifier: Apache-2.0
import { Code } from "@connectrpc/connect";
import { Operations } from "../../gen/google/longrunning/operations_pb.js";
import { apiOf, baseUrlOf, createApiClient, httpRulesOf } from "../../src/apis.js";
import { startEmulator } from "../../src/emulator.js";
import type { CallError } from "../../src/index.js";

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function setUp(api: string, options: Parameters<typeof createApiClient>[1] = {}, version?: string) {
  const emulator = await startEmulator({ httpRules: httpRulesOf(api, { version }) });
  closing.push(() => emulator.close());
  const client = createApiClient(api, { baseUrl: emulator.baseUrl, ...options });
  closing.push(() => client.close());
  return { emulator, client };
}

const PARENT = "projects/p/instances/i/databases/d/operations";

test("one line makes a client that cancels an operation of Spanner, by its name or its full name", async () => {
  const { emulator, client } = await setUp("spanner");
  const name = emulator.operations.start({ parent: PARENT });
  await client.cancelOperation(name);
  await client.cancelOperation(`//spanner.googleapis.com/${name}`);
  await client.cancelOperation(`https://spanner.googleapis.com/v1/${name}`);
  expect(emulator.calls.map(({ requestLine }) => requestLine)).toEqual(
    Array(3).fill(`POST /v1/${name}:cancel HTTP/1.1`),
  );
  expect((await client.operation(`//spanner.googleapis.com/${name}`).wait()).state).toBe("cancelled");
  const reports = [];
  for await (const report of client.cancelOperations(new Set([`//spanner.googleapis.com/${name}`])))
    reports.push(report.name);
  expect(reports).toEqual([name]);
});

test("each name of an API with several versions goes to the version that takes it", async () => {
  const { emulator, client } = await setUp("cloudfunctions", {}, "v2");
  await client.getOperation("projects/p/locations/l/operations/1").catch(() => undefined);
  await client.getOperation("operations/1").catch(() => undefined);
  expect(emulator.calls.map(({ requestLine }) => requestLine)).toEqual([
    "GET /v2/projects/p/locations/l/operations/1 HTTP/1.1",
    "GET /v1/operations/1 HTTP/1.1",
  ]);
});

/** What a call fails with that must not be sent. */
async function refusalOf(call: Promise<unknown>): Promise<{ code: Code; message: string }> {
  const error = await call.then(
    () => {
      throw new Error("expected an error");
    },
    (reason: CallError) => reason,
  );
  expect(error.requestSent).toBe(false);
  return { code: error.code, message: error.rawMessage };
}

test.each([
  [
    "cloudkms",
    "CancelOperation",
    "projects/p/locations/l/operations/o",
    Code.Unimplemented,
    /Cloud Key Management Service \(KMS\) API has no CancelOperation; it has GetOperation$/,
  ],
  ["spanner", "CancelOperation", "operations/1", Code.InvalidArgument, /expected projects\/\*\/instances/],
  [
    "dialogflow",
    "GetOperation",
    "projects/p/operations/1",
    Code.InvalidArgument,
    /several that take the name/,
  ],
  [
    "spanner",
    "CancelOperation",
    "//run.googleapis.com/projects/p/locations/l/operations/o",
    Code.InvalidArgument,
    /of another API/,
  ],
  [
    "spanner",
    "CancelOperation",
    "https://spanner.googleapis.com/v2/projects/p/instances/i/operations/o",
    Code.InvalidArgument,
    /of another version|expected/,
  ],
  [
    "run",
    "GetOperation",
    "https://us-east1-run.googleapis.com/v2/projects/p/locations/l/operations/o",
    Code.InvalidArgument,
    /of another region/,
  ],
  [
    "spanner",
    "CancelOperation",
    "//evil.example/projects/p/instances/i/operations/o",
    Code.InvalidArgument,
    /unknown/,
  ],
])("%s: %s of %s is rejected before anything is sent", async (api, method, name, code, message) => {
  const version = api === "dialogflow" ? "v2" : api === "run" ? "v2" : undefined;
  const { emulator, client } = await setUp(api, {}, version);
  const call = method === "GetOperation" ? client.getOperation(name) : client.cancelOperation(name);
  const refusal = await refusalOf(call);
  expect(refusal).toEqual({ code, message: expect.stringMatching(message) });
  expect(emulator.calls).toEqual([]);
});

test("the credential is asked for with the API's own scope", async () => {
  const asked: unknown[] = [];
  const auth = ({ scopes }: { scopes: readonly string[] }) => {
    asked.push(scopes);
    return "a-token";
  };
  const { client } = await setUp("admanager", { auth });
  await client.cancelOperation("networks/1/operations/reports/runs/2").catch(() => undefined);
  const spanner = await setUp("spanner", { auth });
  await spanner.client.cancelOperation(`${PARENT}/1`).catch(() => undefined);
  expect(asked).toEqual([
    ["https://www.googleapis.com/auth/admanager"],
    ["https://www.googleapis.com/auth/cloud-platform"],
  ]);
});

test.each([
  ["spaner", {}, /did you mean spanner/],
  ["spanner", { version: "v7" }, /version/],
  ["spanner", { bogus: 1 }, /bogus/],
  ["spanner", { baseUrl: null }, /baseUrl: invalid value \(got null/],
  ["spanner", { auth: "token" }, /auth: invalid value \(got "token"/],
  ["spanner", { polling: new Map() }, /polling: invalid value \(got a Map/],
  ["sqladmin", {}, /createOperationsClient/],
  ["run", { region: "x.evil.example" }, /region/],
  ["us-east1-run.googleapis.com", { universeDomain: "example.goog" }, /universeDomain/],
])("createApiClient(%j, %j) is refused", (api, options, message) => {
  expect(() => createApiClient(api, options as object)).toThrow(message);
});

test.each<[string, object, RegExp]>([
  [
    "a limit of sockets",
    { maxSockets: 1 },
    /^maxSockets: given beside protocol "grpc", which has one HTTP\/2 connection/,
  ],
  ["a dispatcher", { dispatcher: { dispatch: () => true } }, /^dispatcher: given beside protocol "grpc"/],
  ["a fetch", { fetch }, /^fetch: given beside protocol "grpc"/],
  ["TLS to http", { baseUrl: "http://127.0.0.1:1", tls: {} }, /^tls: baseUrl is http:/],
  [
    "an unknown TLS option",
    { tls: { rejectUnauthorized: false } },
    /^tls: unknown option "rejectUnauthorized"/,
  ],
  ["a proxy that is none", { proxy: "socks5://proxy:1" }, /^proxy: not the URL of a proxy/],
  ["a path", { baseUrl: "https://mine.example/v1" }, /^baseUrl: has the path \/v1/],
  ["plain http to another machine", { baseUrl: "http://mine.example" }, /plain http/],
])("over gRPC, %s is rejected at once", (_, options, message) => {
  expect(() => createApiClient("spanner", { protocol: "grpc", auth: false, ...options })).toThrow(message);
});

test.each<[string, object, RegExp]>([
  ["plain http to another machine", { baseUrl: "http://mine.example" }, /plain http/],
  ["an unknown TLS option", { tls: { rejectUnauthorized: false } }, /^tls: unknown option/],
  ["a fetch that is none", { fetch: 5 }, /^fetch: not a function/],
  ["interceptors that are none", { interceptors: [5] }, /^interceptors: invalid value/],
  ["allowInsecure that is no boolean", { allowInsecure: "yes" }, /^createApiClient: allowInsecure/],
  ["a timeout that is none", { timeoutMs: "5s" }, /timeoutMs/],
])("over REST, %s is rejected at once", (_, options, message) => {
  expect(() => createApiClient("spanner", { auth: false, ...options })).toThrow(message);
});

test("http to another machine is taken when it is asked for, without a credential", async () => {
  const seen: Headers[] = [];
  const fetch = async (_: unknown, init?: { headers?: HeadersInit }) => {
    seen.push(new Headers(init?.headers));
    return Response.json({});
  };
  const at = { baseUrl: "http://mine.example", allowInsecure: true, fetch };
  await createApiClient("spanner", { ...at, auth: false }).cancelOperation(`${PARENT}/1`);
  expect(seen.map((headers) => headers.get("authorization"))).toEqual([null]);
  expect(() => createApiClient("spanner", { ...at, auth: () => "a-token" })).toThrow(/plain http/);
  expect(() => createApiClient("spanner", at)).toThrow(/plain http/);
  expect(seen).toHaveLength(1);
});

test.each(["rest", "grpc"] as const)("TLS settings reach the connection over %s", async (protocol) => {
  const emulator = await startEmulator({ httpRules: httpRulesOf("spanner"), tls: { selfSigned: true } });
  closing.push(() => emulator.close());
  const name = emulator.operations.start({ parent: PARENT });
  const at = { baseUrl: emulator.baseUrl, protocol, auth: false as const, retry: false as const };
  const trusting = createApiClient("spanner", { ...at, tls: { ca: emulator.ca } });
  const distrusting = createApiClient("spanner", at);
  closing.push(
    () => trusting.close(),
    () => distrusting.close(),
  );
  await trusting.cancelOperation(name);
  expect(emulator.calls).toHaveLength(1);
  await expect(distrusting.cancelOperation(name)).rejects.toThrow(/certificate|SELF_SIGNED|UNABLE/);
});

test("describe shows the request of a full name, and over gRPC says that there is none", async () => {
  const { client } = await setUp("spanner");
  const { cancelOperation } = Operations.method;
  expect(client.describe(cancelOperation, { name: `//spanner.googleapis.com/${PARENT}/1` })).toMatchObject({
    method: "POST",
    url: expect.stringContaining(`/v1/${PARENT}/1:cancel`),
  });
  const { client: grpc } = await setUp("spanner", { protocol: "grpc" });
  expect(() => grpc.describe(cancelOperation, { name: "operations/1" })).toThrow(
    /describe: shows HTTP requests/,
  );
});

test("gRPC needs no rules: names go as they are, and what REST does not bind is left to the server", async () => {
  const { emulator, client } = await setUp("spanner", { protocol: "grpc" });
  const name = emulator.operations.start({ parent: PARENT });
  await client.cancelOperation(`//spanner.googleapis.com/${name}`);
  expect(emulator.calls.map(({ protocol, method }) => [protocol, method])).toEqual([
    ["grpc", "google.longrunning.Operations.CancelOperation"],
  ]);
  expect(() => createApiClient("admanager", { protocol: "grpc" })).toThrow(/not served over gRPC/);
});

describe("an argument of another type is a TypeError, as everywhere", () => {
  test.each<[option: string, value: unknown, message: string]>([
    ["version", 1, 'version: invalid value (got 1; expected text such as "v1")'],
    ["version", ["v1"], 'version: invalid value (got an array; expected text such as "v1")'],
    ["region", {}, 'region: invalid value (got an object; expected text such as "us-central1")'],
    ["region", true, 'region: invalid value (got true; expected text such as "us-central1")'],
    ["universeDomain", 5, 'universeDomain: invalid value (got 5; expected text such as "googleapis.com")'],
  ])("%s: %j", (option, value, message) => {
    const options = { [option]: value } as never; // what a program without types may pass
    expect(() => createApiClient("spanner", options)).toThrow(new TypeError(message));
    if (option === "version") expect(() => httpRulesOf("spanner", options)).toThrow(new TypeError(message));
    else expect(() => baseUrlOf("spanner", options)).toThrow(new TypeError(message));
  });

  test.each([undefined, null, 5, ["spanner"], new String("spanner")])("the API: %p", (api) => {
    for (const call of [createApiClient, httpRulesOf, baseUrlOf, apiOf]) {
      expect(() => call(api as never)).toThrow(/^api: invalid value .* expected text such as "spanner"\)$/);
      expect(() => call(api as never)).toThrow(TypeError);
    }
  });

  test("an unknown one is a CallError still", () => {
    for (const call of [
      () => createApiClient("spanner", { version: "v9" }),
      () => createApiClient("spanner", { region: "US" }),
      () => apiOf(""),
    ]) {
      expect(call).toThrow(expect.objectContaining({ code: Code.InvalidArgument, requestSent: false }));
    }
  });
});
