// SPDX-License-Identifier: Apache-2.0
// npm run test:container: lints the Dockerfile, and runs its steps without an engine, in folders that stand for the file systems of its
// stages; then what the image starts, which must respond and end by the image's signal. The exit status is 75 when npm's registry
// cannot be reached.
import { deepStrictEqual, match, strictEqual } from "node:assert";
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { installCached, NOT_INSTALLED, NotInstalledError } from "../../scripts/install-package.mjs";

const repository = fileURLToPath(new URL("../../", import.meta.url));
const work = mkdtempSync(join(tmpdir(), "longrunning-container-"));

/** The instructions: `["RUN", "npm ci ..."]`. */
const instructions = readFileSync(join(repository, "Dockerfile"), "utf8")
  .split("\n")
  .filter((line) => line !== "" && !line.startsWith("#"))
  .map((line) => /^(\S+) (.*)$/.exec(line).slice(1));

function lint() {
  const folder = installCached("dockerfilelint", "dockerfilelint@1.8.0");
  const program = join(folder, "node_modules/dockerfilelint/bin/dockerfilelint");
  const report = execFileSync(process.execPath, [
    program,
    "--output",
    "json",
    join(repository, "Dockerfile"),
  ]);
  const { files } = JSON.parse(report);
  deepStrictEqual(
    files.flatMap(({ issues }) => issues ?? []),
    [],
  );
}

/** Runs every instruction in order. @returns how the image is started */
function build() {
  const stages = new Map();
  let stage;
  let cwd = "";
  let image = {};
  const inside = (path) => resolve(stage, `.${resolve(cwd, path)}`);
  for (const [instruction, text] of instructions) {
    console.log(`${instruction} ${text}`);
    if (instruction === "FROM") {
      const [, from, , name = String(stages.size)] = /^(\S+)( AS (\S+))?$/.exec(text);
      match(from, /^node:\d+(-\w+)*$/);
      stage = join(work, name);
      stages.set(name, stage);
      mkdirSync(join(stage, "tmp"), { recursive: true });
      cwd = "/";
      image = {};
    } else if (instruction === "WORKDIR") {
      cwd = text;
      mkdirSync(inside("."), { recursive: true });
    } else if (instruction === "COPY" && text === ". .") {
      const files = execFileSync("git", ["ls-files", "-z"], { cwd: repository, encoding: "utf8" });
      for (const file of files.split("\0").filter(Boolean)) cpSync(join(repository, file), inside(file));
    } else if (instruction === "COPY") {
      const [, name, pattern, target] = /^--from=(\S+) (\S+) (\S+)$/.exec(text);
      const found = filesLike(join(stages.get(name), pattern));
      strictEqual(found.length, 1);
      cpSync(found[0], join(inside(target), basename(found[0])));
    } else if (instruction === "RUN") {
      const command = text.replaceAll("/tmp", join(stage, "tmp"));
      execFileSync("sh", ["-ec", command], { cwd: inside("."), stdio: "inherit" });
    } else if (instruction === "ENTRYPOINT")
      image = { ...image, command: JSON.parse(text), folder: inside(".") };
    else if (["USER", "EXPOSE", "STOPSIGNAL"].includes(instruction))
      image = { ...image, [instruction]: text };
    else throw new Error(`an instruction that this does not know: ${instruction}`);
  }
  return image;
}

/** The files of a folder whose names fit a pattern with one `*`. */
function filesLike(path) {
  const [before, after] = basename(path).split("*");
  const folder = dirname(path);
  return readdirSync(folder)
    .filter((name) => name.startsWith(before) && name.endsWith(after))
    .map((name) => join(folder, name));
}

/** Starts what the image starts, and calls it. */
async function start({ command: [program, ...args], folder, EXPOSE, STOPSIGNAL, USER }) {
  strictEqual(USER, "node"); // not root
  strictEqual(args[args.indexOf("--port") + 1], EXPOSE);
  args[args.indexOf("--port") + 1] = "0";
  const child = spawn(join(folder, program), args, { cwd: folder, stdio: ["ignore", "pipe", "inherit"] });
  const [text] = await once(child.stdout.setEncoding("utf8"), "data");
  const baseUrl = text.trim().split("\n")[0];
  const overview = await (await fetch(baseUrl)).json();
  strictEqual(overview.service, "longrunning emulator");
  const page = await fetch(baseUrl, { headers: { accept: "text/html" } });
  match(await page.text(), /<title>Longrunning emulator<\/title>/);
  const name = "networks/1/operations/reports/runs/1";
  await fetch(`${baseUrl}/v1/networks/1/reports/2:run`, { method: "POST" });
  strictEqual((await fetch(`${baseUrl}/v1/${name}`)).status, 200);
  child.kill(STOPSIGNAL);
  const [status] = await once(child, "exit");
  strictEqual(status, 0);
}

try {
  lint();
  await start(build());
  console.log("the Dockerfile is right");
} catch (error) {
  console.error(error);
  process.exitCode = error instanceof NotInstalledError ? NOT_INSTALLED : 1;
} finally {
  rmSync(work, { recursive: true, force: true });
}
