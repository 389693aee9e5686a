// SPDX-License-Identifier: Apache-2.0
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { root } from "../architecture/source-files.js";

const { exports: entryPoints } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));

/** Cancels one operation over REST and one over gRPC, with what `load` loads, and prints how they ended. */
const PROGRAM = `
  (async () => {
    const { createOperationsClient, isCallError } = await load("longrunning");
    const { createAdManagerClient } = await load("longrunning/admanager");
    const { createGrpcTransport } = await load("longrunning/grpc");
    const { startEmulator } = await load("longrunning/emulator");
    const { httpRulesFromServiceConfig } = await load("longrunning/service-config");
    const { createFakeOperations } = await load("longrunning/testing");
    const { googleAuth } = await load("longrunning/auth");
    const { OperationSchema } = await load("longrunning/gen/google/longrunning/operations_pb.js");

    const emulator = await startEmulator();
    const { baseUrl } = emulator;
    const start = () => emulator.operations.start({ parent: "networks/1/operations/reports/runs", cancelDelayMs: 0 });
    const adManager = createAdManagerClient({ baseUrl });
    const transport = createGrpcTransport({ baseUrl });
    const client = createOperationsClient({ transport });
    const error = await client.getOperation("operations/none").catch((reason) => reason);
    console.log(JSON.stringify({
      rest: (await adManager.cancelAndWait(start())).state,
      grpc: (await client.cancelAndWait(start())).state,
      error: [isCallError(error), error.reason],
      stub: OperationSchema.typeName,
      others: [httpRulesFromServiceConfig, createFakeOperations, googleAuth].map((each) => typeof each),
    }));
    transport.close();
    await emulator.close();
  })();`;

/** Ways by which a program comes to the package. */
const WAYS: Record<string, { load: string; flags?: string[] }> = {
  "Node's import": { load: "const load = (name) => import(name);", flags: ["--input-type=module"] },
  "Node's require": { load: "const load = require;" },
  "the modules one by one": {
    load: "const load = (name) => import(name);",
    flags: ["--input-type=module", "--conditions=module"],
  },
  "a tool that runs CommonJS by itself": {
    load: `
      const files = ${JSON.stringify(
        Object.fromEntries(
          Object.entries<{ require?: { default: { default: string } } }>(entryPoints).map(
            ([name, { require }]) => [join("longrunning", name), require?.default.default],
          ),
        ),
      )};
      files["longrunning/gen/google/longrunning/operations_pb.js"] = "./dist/cjs/gen/google/longrunning/operations_pb.js";
      const load = (name) => require(files[name]);`,
  },
};

test.each(Object.entries(WAYS))("everything works by %s", async (_, { load, flags = [] }) => {
  const { stdout, stderr } = await promisify(execFile)(
    process.execPath,
    [...flags, "-e", `${load}\n${PROGRAM}`],
    { cwd: root },
  );
  expect(stderr).toBe("");
  expect(JSON.parse(stdout)).toEqual({
    rest: "cancelled",
    grpc: "cancelled",
    error: [true, "not-found"],
    stub: "google.longrunning.Operation",
    others: ["function", "function", "function"],
  });
});
