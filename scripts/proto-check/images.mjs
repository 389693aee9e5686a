// SPDX-License-Identifier: Apache-2.0
// The two things that are compared: our protos and upstream's, each compiled, and where they came from.
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { fromBinary } from "@bufbuild/protobuf";
import { FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import { buildImage } from "./buf.mjs";
import { carriedFiles } from "./tables.mjs";

/**
 * Compiled protos.
 * @typedef {object} Image
 * @property {import("@bufbuild/protobuf/wkt").FileDescriptorSet} set everything, imports included
 * @property {ReadonlySet<string>} files the paths that exist in the source, compiled or not
 */

/** The packages with upstream's copies. Where both have a file, the first one's is used. */
const packages = ["google-gax", "@google-ads/admanager"].map((name) => {
  const directory = fileURLToPath(new URL(`../../node_modules/${name}`, import.meta.url));
  const { version } = JSON.parse(readFileSync(join(directory, "package.json"), "utf8"));
  return { title: `${name} ${version}`, root: join(directory, "build", "protos") };
});

/** @param {string} root */
const protoFilesIn = (root) =>
  readdirSync(root, { recursive: true, encoding: "utf8" })
    .map((path) => path.split(sep).join("/"))
    .filter((path) => path.endsWith(".proto"));

/** @param {string} directory */
const compile = (directory) => fromBinary(FileDescriptorSetSchema, buildImage(directory));

/**
 * @param {string} directory
 * @returns {Image}
 */
export const ourImage = (directory) => ({ set: compile(directory), files: new Set(protoFilesIn(directory)) });

/**
 * Compiles upstream's copies of the files that we carry, and what they import. Not the whole packages:
 * @google-ads/admanager brings files of an earlier version along that contradict the present ones.
 * @returns {Image & { sources: string[] }}
 */
export const upstreamImage = () => {
  const directory = mkdtempSync(join(tmpdir(), "longrunning-upstream-"));
  try {
    const wanted = [...carriedFiles];
    for (const path of wanted)
      wanted.push(...stage(path, directory).filter((found) => !wanted.includes(found)));
    return {
      set: compile(directory),
      files: new Set(packages.flatMap(({ root }) => protoFilesIn(root))),
      sources: packages.map(({ title }) => title),
    };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
};

/**
 * Copies one of upstream's files and returns the paths that it imports. buf includes google/protobuf itself.
 * A file that no package contains any more is skipped; the comparison reports it.
 * @param {string} path
 * @param {string} directory
 */
const stage = (path, directory) => {
  const source = packages.map(({ root }) => join(root, path)).find((candidate) => existsSync(candidate));
  if (source === undefined) return [];
  mkdirSync(dirname(join(directory, path)), { recursive: true });
  copyFileSync(source, join(directory, path));
  return [...readFileSync(source, "utf8").matchAll(/^import\s+(?:public\s+|weak\s+)?"([^"]+)";/gm)]
    .map(([, imported]) => imported ?? "")
    .filter((imported) => !imported.startsWith("google/protobuf/"));
};
