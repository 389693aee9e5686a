// SPDX-License-Identifier: Apache-2.0
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build, stop } from "esbuild";
import type { CallReport } from "./adc-program.js";

export type ModuleFormat = "esm" | "cjs";

/** What a run of the program left behind. */
export interface ProgramRun {
  readonly calls: CallReport[];
  /** Everything that it printed. */
  readonly output: string;
}

/** The program, built, and a folder for the files of its credentials. */
export interface Program {
  readonly folder: string;
  /** Writes a file into the folder; answers its path. */
  file(name: string, content: unknown): Promise<string>;
  run(options: {
    format?: ModuleFormat;
    env: NodeJS.ProcessEnv;
    calls?: number;
    scopes?: string[];
  }): Promise<ProgramRun>;
  remove(): Promise<void>;
}

/**
 * Builds `adc-program.ts` as an ES module and as CommonJS, with the packages left where they are. The builds stand below
 * node_modules, so that the packages are found from there.
 */
export async function buildProgram(): Promise<Program> {
  const root = join(__dirname, "../..");
  const folder = await mkdtemp(join(tmpdir(), "longrunning-adc-"));
  const built = await mkdtemp(join(root, "node_modules/.adc-program-"));
  const fileOf = (format: ModuleFormat) => join(built, format === "esm" ? "program.mjs" : "program.cjs");
  await Promise.all(
    (["esm", "cjs"] as const).map((format) =>
      build({
        entryPoints: [join(__dirname, "adc-program.ts")],
        outfile: fileOf(format),
        bundle: true,
        packages: "external",
        // Bundled by path, unless it is named as the package that it stands for.
        alias: { "#google-auth-library": "google-auth-library" },
        platform: "node",
        format,
        logLevel: "error",
      }),
    ),
  );
  return {
    folder,
    file: async (name, content) => {
      const path = join(folder, name);
      await writeFile(path, typeof content === "string" ? content : JSON.stringify(content));
      return path;
    },
    run: ({ format = "esm", env, calls = 1, scopes = ["https://www.googleapis.com/auth/admanager"] }) =>
      new Promise((resolve, reject) => {
        const args = [fileOf(format), String(calls), ...scopes];
        // Nothing of this process's environment: no login of whoever runs the tests, no proxy.
        execFile(process.execPath, args, { env: { HOME: folder, ...env } }, (error, stdout, stderr) => {
          if (error !== null) {
            reject(new Error(`the program ended with ${error.code}: ${stderr}`));
            return;
          }
          const calls = stdout
            .trim()
            .split("\n")
            .map((line): CallReport => JSON.parse(line));
          resolve({ calls, output: stdout + stderr });
        });
      }),
    remove: async () => {
      await stop();
      await Promise.all([folder, built].map((path) => rm(path, { recursive: true, force: true })));
    },
  };
}
