// SPDX-License-Identifier: Apache-2.0
// google-gax's OperationsClient, of the version in the folder process.argv[2], against the emulator at process.argv[3], over gRPC
// and REST.
const { deepStrictEqual, strictEqual } = require("node:assert");
const { createRequire } = require("node:module");
const { dirname, join } = require("node:path");

const [, , folder, baseUrl] = process.argv;
const load = createRequire(join(folder, "package.json"));
const gax = load("google-gax");
const loadItsOwn = createRequire(load.resolve("google-gax"));
const { credentials } = loadItsOwn("@grpc/grpc-js");
const { PassThroughClient } = loadItsOwn("google-auth-library");
const port = Number(new URL(baseUrl).port);

const control = async (verb, path, body) => {
  const response = await fetch(`${baseUrl}/emulator/v1${path}`, {
    method: verb,
    headers: { "content-type": "application/json" },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  strictEqual(response.status, 200, await response.clone().text());
};

const overGrpc = () =>
  gax
    .lro({
      auth: new gax.GoogleAuth({ authClient: new PassThroughClient() }),
      grpc: new gax.GrpcClient().grpc,
    })
    .operationsClient({ servicePath: "127.0.0.1", port, sslCreds: credentials.createInsecure() });
const overRest = () => {
  const protos = join(dirname(load.resolve("google-gax")), "../protos/operations.json");
  const protoJson = new gax.fallback.GrpcClient({ fallback: "rest" }).loadProtoJSON(require(protos), true);
  // Its own rule for Get repeats the collection, so that no name of an operation fits.
  const httpRules = [
    { selector: "google.longrunning.Operations.GetOperation", get: "/v1/{name=operations/**}" },
  ];
  const auth = new PassThroughClient();
  return gax.fallback
    .lro({ auth, protoJson, httpRules })
    .operationsClient({ servicePath: "127.0.0.1", port, protocol: "http", fallback: "rest" });
};
const noRetry = { retry: null, timeout: 10_000 };
const errorOf = (call) =>
  call.then(
    () => undefined,
    (error) => error,
  );

async function hold(protocol, client) {
  await control("POST", ":reset", {});
  await control("POST", "/operations", { name: "operations/1", duration: "never", "cancel-delay": "0s" });
  const name = "operations/1";
  const get = (of = name) => client.getOperation({ name: of }, noRetry);
  const [running] = await get();
  deepStrictEqual([running.name, running.done], [name, false]);
  const [listed] = await client.listOperations({ name: "operations", filter: "" }, noRetry);
  deepStrictEqual(
    listed.map((one) => one.name),
    [name],
  );
  await client.cancelOperation({ name }, noRetry);
  strictEqual((await get())[0].error.code, 1);
  // Over REST, version 5 gives HTTP's codes, and no details.
  const isBare = protocol === "REST" && gax.version.startsWith("5.");
  const [notFound, unavailable] = isBare ? [404, 503] : [5, 14];
  strictEqual((await errorOf(get("operations/none"))).code, notFound);

  await control("POST", "/faults", { kind: "error", code: "UNAVAILABLE", "retry-delay": "7s" });
  const error = await errorOf(get());
  strictEqual(error.code, unavailable);
  const info = isBare ? undefined : error.statusDetails.find((detail) => "retryDelay" in detail);
  if (!isBare) strictEqual(Number(info.retryDelay.seconds), 7);
  await control("DELETE", "/faults");
  await control("POST", "/faults", { kind: "reset" });
  const reset = await errorOf(get());
  if (protocol === "gRPC") strictEqual(reset.code, 14);
  else strictEqual(reset instanceof Error, true);
  await control("DELETE", "/faults");
  await control("POST", "/faults", { kind: "page", status: 503, body: "<h1>Down</h1>" });
  if (protocol === "gRPC") strictEqual((await errorOf(get())).code, 14);
  else strictEqual((await errorOf(get())) instanceof Error, true);
  await control("DELETE", "/faults");
  await client.close?.();
  console.log(`ok  google-gax ${gax.version} over ${protocol}`);
}

hold("gRPC", overGrpc())
  .then(() => hold("REST", overRest()))
  .then(() => process.exit(0))
  .catch((error) => {
    console.error(error);
    process.exit(1);
  });
