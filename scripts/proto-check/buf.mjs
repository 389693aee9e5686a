// SPDX-License-Identifier: Apache-2.0
// The two buf commands that the check needs. Images go in and out as binary FileDescriptorSets.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { toBinary } from "@bufbuild/protobuf";
import { FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";

/** @typedef {import("@bufbuild/protobuf/wkt").FileDescriptorSet} FileDescriptorSet */

const bufPath = fileURLToPath(new URL("../../node_modules/.bin/buf", import.meta.url));

/** The strictest category, files and file options included: our files are split as upstream's are. */
const breakingConfig = JSON.stringify({ version: "v2", breaking: { use: ["FILE"] } });

/** The exit status of `buf breaking` when it found something; anything else above 0 is an error of buf itself. */
const FOUND_SOMETHING = 100;

/**
 * Runs buf, and throws with what it wrote to stderr unless its exit status is one of `statuses`.
 * @param {readonly string[]} args
 * @param {readonly number[]} statuses
 */
const runBuf = (args, statuses) => {
  const { status, stdout, stderr, error } = spawnSync(bufPath, args, { maxBuffer: 64 * 2 ** 20 });
  if (error) throw error;
  if (status === null || !statuses.includes(status)) {
    throw new Error(`buf ${args[0]} failed with status ${status}: ${String(stderr).trim() || stdout}`);
  }
  return stdout;
};

/**
 * Compiles the protos below a directory, imports included. Without source positions: an image is cut to
 * scope later, which would leave them pointing at the wrong elements.
 * @param {string} directory
 * @returns {Uint8Array} a binary FileDescriptorSet
 */
export const buildImage = (directory) =>
  runBuf(["build", directory, "--exclude-source-info", "-o", "-#format=binpb"], [0]);

/**
 * The breaking changes from `before` to `after`, in the files of the images but not in their imports.
 * @param {FileDescriptorSet} after
 * @param {FileDescriptorSet} before
 * @returns {string[]} one line a finding, which begins with the file
 */
export const breakingChanges = (after, before) => {
  const directory = mkdtempSync(join(tmpdir(), "longrunning-breaking-"));
  try {
    const [afterPath, beforePath] = [join(directory, "after.binpb"), join(directory, "before.binpb")];
    writeFileSync(afterPath, toBinary(FileDescriptorSetSchema, after));
    writeFileSync(beforePath, toBinary(FileDescriptorSetSchema, before));
    const stdout = runBuf(
      [
        "breaking",
        afterPath,
        "--against",
        beforePath,
        "--config",
        breakingConfig,
        "--exclude-imports",
        "--error-format",
        "json",
      ],
      [0, FOUND_SOMETHING],
    );
    return String(stdout)
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line))
      .map(({ path, type, message }) => `${path ?? "(no file)"}: ${message} (${type})`);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
};
