// CommonJS on purpose: Jest users import this library from CommonJS, so its own tests do the same.
const common = {
  testEnvironment: "node",
  testMatch: ["**/*.test.ts"],
  transform: {
    "^.+\\.ts$": [
      "@swc/jest",
      {
        jsc: { parser: { syntax: "typescript" }, target: "es2022" },
        module: { type: "commonjs", strictMode: true },
        sourceMaps: "inline",
      },
    ],
  },
};

const toSources = { "^(\\.{1,2}/.*)\\.js$": "$1" };

/** Doors and stubs by the names that tests import them by, which lead to what Node loads: dist/, as it was built. */
const toCompiled = {
  "^(?:\\.\\./)+src/(index|admanager|auth|emulator|grpc|service-config|testing)\\.js$":
    "<rootDir>/dist/cjs/src/$1.js",
  "^(?:\\.\\./)+gen/google/(.*)\\.js$": "<rootDir>/dist/cjs/gen/google/$1.js",
};

export default {
  testTimeout: 20_000,
  maxWorkers: 2,
  projects: [
    {
      ...common,
      displayName: "modules",
      roots: ["<rootDir>/test"],
      moduleNameMapper: {
        "^#http-client$": "<rootDir>/src/transport/http/undici/client.ts",
        ...toSources,
      },
    },
    {
      ...common,
      displayName: "compiled",
      roots: ["any-service", "auth", "client", "contract", "faults", "peers", "testing"].map(
        (room) => `<rootDir>/test/${room}`,
      ),
      moduleNameMapper: { ...toCompiled, ...toSources },
    },
  ],
};
