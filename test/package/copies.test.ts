// SPDX-License-Identifier: Apache-2.0
import { execFileSync } from "node:child_process";
import { root } from "../architecture/source-files.js";

/** What an ES module prints that sees this package, Connect and protobuf-es as they are installed. */
function outputOf(script: string): unknown {
  const args = ["--input-type=module", "-e", script];
  return JSON.parse(execFileSync(process.execPath, args, { cwd: root, encoding: "utf8" }));
}

const ENTRY_POINTS = [
  "longrunning",
  "longrunning/admanager",
  "longrunning/auth",
  "longrunning/emulator",
  "longrunning/grpc",
  "longrunning/service-config",
  "longrunning/telemetry",
  "longrunning/testing",
];

test("a program that imports and requires has one copy of every class and stub", () => {
  const script = `
    import { createRequire } from "node:module";
    const require = createRequire(process.cwd() + "/program.js");
    const different = [];
    for (const entryPoint of ${JSON.stringify([...ENTRY_POINTS, "longrunning/gen/google/longrunning/operations_pb"])}) {
      const imported = await import(entryPoint);
      const required = require(entryPoint);
      for (const name of Object.keys(imported)) if (imported[name] !== required[name]) different.push(name);
    }
    console.log(JSON.stringify(different));`;
  expect(outputOf(script)).toEqual([]);
});

test("an error of one copy of this package is a CallError of every other copy", () => {
  const script = `
    import { createRequire } from "node:module";
    const require = createRequire(process.cwd() + "/program.js");
    const copies = {
      compiled: await import("./dist/node/src/index.js"),
      modules: await import("./dist/esm/src/index.js"),
      commonjs: require("./dist/cjs/src/index.js"),
    };
    const wrong = [];
    for (const [from, { createOperationsClient, createRestTransport }] of Object.entries(copies)) {
      const transport = createRestTransport({ baseUrl: "http://127.0.0.1:1" });
      const error = await createOperationsClient({ transport }).getOperation("../x").catch((reason) => reason);
      for (const [to, { CallError, isCallError }] of Object.entries(copies))
        if (!(error instanceof CallError) || !isCallError(error)) wrong.push(from + " to " + to);
    }
    console.log(JSON.stringify({ copies: new Set(Object.values(copies).map(({ CallError }) => CallError)).size, wrong }));`;
  expect(outputOf(script)).toEqual({ copies: 3, wrong: [] });
});

test("a program's own copy of Connect and of protobuf-es gets on with the parts that are compiled in", () => {
  const script = `
    import { create, createRegistry, isMessage, toBinary } from "@bufbuild/protobuf";
    import { anyPack, StringValueSchema } from "@bufbuild/protobuf/wkt";
    import { Code, ConnectError, createContextKey, createContextValues, createRouterTransport } from "@connectrpc/connect";
    import { createOperationsClient, unpackAny } from "longrunning";
    import { OperationSchema, Operations } from "longrunning/gen/google/longrunning/operations_pb";

    const key = createContextKey("nothing", { description: "seen by the interceptor" });
    const seen = [];
    const transport = createRouterTransport(
      ({ service }) =>
        service(Operations, {
          getOperation: ({ name }) =>
            create(OperationSchema, {
              name,
              done: true,
              result: { case: "response", value: anyPack(StringValueSchema, create(StringValueSchema, { value: "yes" })) },
            }),
          cancelOperation: () => {
            throw new ConnectError("not here", Code.Unimplemented);
          },
        }),
      {
        transport: {
          interceptors: [
            (next) => (request) => {
              seen.push(request.contextValues.get(key));
              return next(request);
            },
          ],
        },
      },
    );
    const client = createOperationsClient({ transport, registry: createRegistry(StringValueSchema) });
    const contextValues = createContextValues().set(key, "mine");
    const operation = await client.raw.getOperation({ name: "operations/1" }, { contextValues });
    const error = await client.cancelOperation("operations/1").catch((reason) => reason);
    console.log(
      JSON.stringify({
        seen,
        isMessage: isMessage(operation, OperationSchema),
        bytes: toBinary(OperationSchema, operation).length > 0,
        response: unpackAny(operation.result.value, StringValueSchema).value,
        isConnectError: error instanceof ConnectError,
        same: ConnectError.from(error) === error,
        code: error.code === Code.Unimplemented,
        reason: error.reason,
      }),
    );`;
  expect(outputOf(script)).toEqual({
    seen: ["mine", "nothing"],
    isMessage: true,
    bytes: true,
    response: "yes",
    isConnectError: true,
    same: true,
    code: true,
    reason: "cancel-unsupported",
  });
});
