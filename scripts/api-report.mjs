// SPDX-License-Identifier: Apache-2.0
// Writes api/*.api.md, the public surface of each entry point of package.json, from the built declarations; with --check,
// reports whether they are up to date, so that a change of the surface shows in review.
import { mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { CompilerState, Extractor, ExtractorConfig, ExtractorLogLevel } from "@microsoft/api-extractor";

const root = fileURLToPath(new URL("../", import.meta.url));
const { exports } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
const isCheck = process.argv.includes("--check");
const reportFolder = join(root, "api");
mkdirSync(reportFolder, { recursive: true });

/** The declarations of every entry point with code of its own: neither a pattern nor package.json. */
const declarations = Object.values(exports)
  .map((conditions) => conditions.import?.types)
  .filter((types) => types !== undefined && !types.includes("*"));

const configs = declarations.map((types) =>
  ExtractorConfig.prepare({
    configObjectFullPath: join(root, "api-extractor.json"),
    packageJsonFullPath: join(root, "package.json"),
    configObject: {
      projectFolder: root,
      mainEntryPointFilePath: join(root, types),
      compiler: {
        overrideTsconfig: {
          compilerOptions: {
            target: "es2022",
            module: "nodenext",
            moduleResolution: "nodenext",
            types: ["node"],
            skipLibCheck: true,
          },
          files: declarations.map((each) => join(root, each)),
        },
      },
      apiReport: {
        enabled: true,
        includeForgottenExports: true,
        reportFileName: basename(types, ".d.ts"),
        reportFolder,
        reportTempFolder: join(root, "node_modules/.cache/api"),
      },
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      tsdocMetadata: { enabled: false },
      newlineKind: "lf",
      messages: {
        // The documentation's form is TypeDoc's to check; names that are not exported are part of the report.
        extractorMessageReporting: { default: { logLevel: ExtractorLogLevel.None } },
        tsdocMessageReporting: { default: { logLevel: ExtractorLogLevel.None } },
      },
    },
  }),
);

const compilerState = CompilerState.create(configs[0], {
  additionalEntryPoints: configs.map((config) => config.mainEntryPointFilePath),
});
const stale = configs.filter((config) => {
  const { apiReportChanged } = Extractor.invoke(config, {
    compilerState,
    localBuild: !isCheck,
    messageCallback: (message) => {
      message.handled = message.logLevel !== ExtractorLogLevel.Error;
    },
  });
  return apiReportChanged;
});
const gone = readdirSync(reportFolder).filter(
  (file) => !configs.some((config) => basename(config.reportFilePath) === file),
);
if (!isCheck) for (const file of gone) rmSync(join(reportFolder, file));
const names = [...stale.map((config) => basename(config.reportFilePath)), ...gone];
if (!isCheck) console.log(`api/: ${configs.length} entry points, ${names.length} changed`);
else if (names.length === 0) console.log(`api/: ${configs.length} entry points, fresh`);
else console.log(`api/: ${names.join(", ")} stale: npm run api, and look at the difference`);
process.exitCode = isCheck && names.length > 0 ? 1 : 0;
