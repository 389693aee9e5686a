// CommonJS on purpose: Jest users import this library from CommonJS, so its own tests do the same.
export default {
  testEnvironment: "node",
  roots: ["<rootDir>/test"],
  testMatch: ["**/*.test.ts"],
  extensionsToTreatAsEsm: [],
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
  moduleNameMapper: {
    "^#http-client$": "<rootDir>/src/transport/http-client/undici.ts",
    "^(\\.{1,2}/.*)\\.js$": "$1",
  },
  testTimeout: 20_000,
  maxWorkers: 2,
};
