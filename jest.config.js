import { readdirSync, readFileSync } from "node:fs";
import { availableParallelism } from "node:os";

// Tests import the sources, as CommonJS: Jest runs that by itself.

/**
 * The suites of the package as it is built, of the documents and workflows, which bring compilers of their own, and of other
 * projects' clients: `npm run test:package`.
 */
export const PACKAGE_SUITES = [
  "test/package/",
  "test/cli/process/",
  "test/peers/",
  "test/recipes/",
  "test/architecture/code-blocks.test.ts",
  "test/architecture/documents.test.ts",
  "test/architecture/workflows.test.ts",
  "test/testing/guide.test.ts",
  "test/proto/proto-check.test.ts",
];

const modules = {
  testEnvironment: "<rootDir>/test/node-environment.js",
  roots: ["<rootDir>/test"],
  testMatch: ["**/*.test.ts"],
  testTimeout: 20_000,
  testPathIgnorePatterns: PACKAGE_SUITES.map((path) => `<rootDir>/${path}`),
  displayName: "modules",
  setupFilesAfterEnv: ["<rootDir>/test/property-seed.ts"],
  moduleNameMapper: {
    "^#connection-codes$": "<rootDir>/src/errors/connection-codes.ts",
    "^#diagnostics-channels$": "<rootDir>/src/observer/diagnostics-channels.ts",
    "^#engine-codes$": "<rootDir>/src/transport/http/engine-codes.ts",
    "^#google-auth-library$": "<rootDir>/src/auth/credential/google-auth-library.ts",
    "^#grpc-transport$": "<rootDir>/src/transport/grpc/http2/transport.ts",
    "^#http-client$": "<rootDir>/src/transport/http/node.ts",
    "^(\\.{1,2}/.*)\\.js$": "$1",
  },
  transform: {
    "^.+\\.ts$": [
      "@swc/jest",
      {
        jsc: { parser: { syntax: "typescript" }, target: "es2022" },
        module: { type: "commonjs", strictMode: true },
        sourceMaps: true, // not in the code, which every suite compiles anew
      },
    ],
  },
};

/** The suites of the client whose server can ask for a credential. The others have none, or run with one as it is. */
const scripted = readdirSync(new URL("test/client/", import.meta.url), {
  recursive: true,
  encoding: "utf8",
}).filter(
  (file) =>
    file.endsWith(".test.ts") &&
    readFileSync(new URL(`test/client/${file}`, import.meta.url), "utf8").includes("/scripted-server.js"),
);

/** Those again, with a credential on every call. */
const credentialLane = {
  ...modules,
  displayName: "with a credential",
  testMatch: scripted.map((file) => `**/test/client/${file.replaceAll("\\", "/")}`),
  globals: { CREDENTIAL_LANE: true },
};

// One more than there are processors: many suites wait for sockets and processes.
export default { ...modules, maxWorkers: availableParallelism() + 1, projects: [modules, credentialLane] };
