// SPDX-License-Identifier: Apache-2.0
// Prints the route of one call: each function of this package that a warm cancelOperation(name) runs through, in the order in
// which it is first entered, and how many functions and files that makes. `--brief` prints the counts alone; `rest`, `rest-token`,
// `grpc` and `grpc-token` choose.
import { once } from "node:events";
import { createServer } from "node:http";
import { createServer as createHttp2Server } from "node:http2";
import { Session } from "node:inspector/promises";
import { parseArgs } from "node:util";
import { OAuth2Client } from "google-auth-library";
import { compileSources } from "./route/compile.mjs";
import { orderOf } from "./route/order.mjs";

const { values: flags, positionals } = parseArgs({
  allowPositionals: true,
  options: { brief: { type: "boolean" } },
});

const MODULES = await compileSources();
const { createOperationsClient, createRestTransport } = await import(`${MODULES}index.js`);
const { createGrpcTransport } = await import(`${MODULES}grpc.js`);
const { googleAuth } = await import(`${MODULES}auth.js`);
const NAME = "networks/123/operations/reports/runs/456";
const HTTP_RULES = [
  {
    selector: "google.longrunning.Operations.CancelOperation",
    post: "/v1/{name=networks/*/operations/reports/runs/*}:cancel",
  },
];
const WARM_UP = 20;

/** An interceptor with a token that is valid for an hour, as in a program that has been running for a minute. */
function token() {
  const auth = new OAuth2Client();
  auth.setCredentials({ access_token: "token", expiry_date: Date.now() + 3_600_000 });
  return googleAuth({ auth, scopes: ["scope"] });
}

async function restServer() {
  const server = createServer((request, response) => {
    request.resume();
    response.setHeader("content-type", "application/json").end("{}");
  });
  return listening(server, (baseUrl, interceptors) =>
    createRestTransport({ baseUrl, httpRules: HTTP_RULES, interceptors }),
  );
}

async function grpcServer() {
  const server = createHttp2Server().on("stream", (stream) => {
    stream.resume();
    stream.respond({ ":status": 200, "content-type": "application/grpc" }, { waitForTrailers: true });
    stream.on("wantTrailers", () => stream.sendTrailers({ "grpc-status": "0" }));
    stream.end(Buffer.alloc(5));
  });
  return listening(server, (baseUrl, interceptors) => createGrpcTransport({ baseUrl, interceptors }));
}

async function listening(server, createTransport) {
  await once(server.listen(0, "127.0.0.1"), "listening");
  const baseUrl = `http://127.0.0.1:${server.address().port}`;
  return { connect: (interceptors) => createTransport(baseUrl, interceptors), close: () => server.close() };
}

/** The functions that `call` runs through: `{ file, name, scriptId, start }`. */
async function functionsOf(call) {
  const session = new Session();
  session.connect();
  await session.post("Debugger.enable");
  await session.post("Profiler.enable");
  await session.post("Profiler.startPreciseCoverage", { callCount: true, detailed: false });
  await session.post("Profiler.takePreciseCoverage");
  await call();
  const { result } = await session.post("Profiler.takePreciseCoverage");
  await session.post("Profiler.disable");
  session.disconnect();
  return result
    .filter(({ url }) => url.startsWith(MODULES.href))
    .flatMap(({ url, scriptId, functions }) =>
      functions
        .filter(({ ranges }) => ranges[0].count > 0)
        .map(({ functionName, ranges }) => ({
          file: url.slice(MODULES.href.length).replace(/\.js$/, ".ts"),
          name: functionName,
          scriptId,
          start: ranges[0].startOffset,
        })),
    );
}

async function measure(label, startServer, interceptors) {
  const server = await startServer();
  const transport = server.connect(interceptors);
  const operations = createOperationsClient({ transport });
  const call = () => operations.cancelOperation(NAME);
  for (let times = 0; times < WARM_UP; times++) await call();
  const functions = await functionsOf(call);
  const ordered = flags.brief ? functions : await orderOf(functions, call);
  await transport.close();
  server.close();

  const files = new Set(ordered.map(({ file }) => file));
  console.log(`${label}: ${functions.length} functions in ${files.size} files`);
  if (flags.brief) return;
  let last = "";
  for (const { file, name } of ordered) {
    if (file !== last) console.log(`  ${file}`);
    console.log(`    ${name || "(anonymous)"}`);
    last = file;
  }
}

const CASES = {
  rest: () => measure("REST", restServer, []),
  "rest-token": () => measure("REST with a token", restServer, [token()]),
  grpc: () => measure("gRPC", grpcServer, []),
  "grpc-token": () => measure("gRPC with a token", grpcServer, [token()]),
};
for (const name of positionals.length > 0 ? positionals : Object.keys(CASES)) {
  if (!(name in CASES))
    throw new TypeError(`unknown route "${name}" (expected ${Object.keys(CASES).join(", ")})`);
  await CASES[name]();
}
