// `npm run test:package`: the package as it is built and its command as a process, what its plugin writes, every example of the
// documents, and other projects' clients. `-- test/recipes` chooses one suite.
import base, { PACKAGE_SUITES } from "./jest.config.js";

const [modules] = base.projects;
const { testMatch, testPathIgnorePatterns, ...common } = modules;
const testRegex = PACKAGE_SUITES.map((path) =>
  path.endsWith("/") ? `/${path}.*\\.test\\.ts$` : `/${path}$`,
);

export default {
  ...base,
  projects: [{ ...common, displayName: "package", testRegex, globalSetup: "<rootDir>/test/build-once.js" }],
};
