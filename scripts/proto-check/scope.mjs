// SPDX-License-Identifier: Apache-2.0
// Applies the tables: which parts of both sides must be equal, and what upstream has beyond that.
import { createFileRegistry } from "@bufbuild/protobuf";
import { cut, namesIn, withText } from "./cut.mjs";
import {
  aheadOfUpstream,
  carriedFiles,
  filesLeftOut,
  partial,
  textInsteadOfEnum,
  wholeDirectories,
} from "./tables.mjs";

/** @typedef {import("./images.mjs").Image} Image */

/**
 * The sets to compare: our files against upstream's copies of them, without what the tables except, and
 * with the well-known types, which both sides have from buf.
 * @param {Image} ours
 * @param {Image} upstream
 */
export const withinScope = (ours, upstream) => {
  const leftOutNames = namesLeftOut(ours, upstream);
  return {
    ours: cut(
      ours.set,
      (path) => ours.files.has(path),
      (name) => aheadOfUpstream.has(name),
    ),
    upstream: withText(
      cut(
        upstream.set,
        (path) => carriedFiles.includes(path),
        (name) => leftOutNames.has(name),
      ),
      textInsteadOfEnum,
    ),
  };
};

/**
 * The contradictions between the tables and the files.
 * @param {Image} ours
 * @param {Image} upstream
 * @returns {string[]}
 */
export const problemsOfScope = (ours, upstream) => [
  ...carriedFiles.filter((path) => !ours.files.has(path)).map((path) => `${path}: ours is missing`),
  ...carriedFiles.filter((path) => !upstream.files.has(path)).map((path) => `${path}: upstream's is missing`),
  ...[...ours.files]
    .filter((path) => !carriedFiles.includes(path))
    .map(
      (path) => `${path}: ours is not in carriedFiles (scripts/proto-check/tables.mjs), so nothing checks it`,
    ),
  ...[...upstream.files]
    .filter((path) => wholeDirectories.some((directory) => path.startsWith(directory)))
    .filter((path) => !carriedFiles.includes(path) && reasonFor(path) === undefined)
    .map((path) => `${path}: upstream has this file; carry it, or list it in filesLeftOut with a reason`),
  ...[...aheadOfUpstream.keys()]
    .filter((name) => hasElement(upstream, name))
    .map((name) => `${name}: upstream has it now, so its row in aheadOfUpstream can go`),
];

/**
 * Whether there is an element of this full name, be it a message, a field, a method or an enum's value.
 * @param {Image} image
 * @param {string} name
 */
const hasElement = (image, name) => {
  const registry = createFileRegistry(image.set);
  if (registry.get(name) !== undefined) return true;
  const [, around = "", last = ""] = /^(.*)\.([^.]*)$/.exec(name) ?? [];
  const parent = registry.get(around);
  switch (parent?.kind) {
    case "message":
      return parent.fields.some((field) => field.name === last);
    case "enum":
      return parent.values.some((value) => value.name === last);
    case "service":
      return parent.methods.some((method) => method.name === last);
    default:
      return false;
  }
};

/**
 * The elements that upstream has and ours do not, one line per group, each item by name.
 * @param {Image} ours
 * @param {Image} upstream
 * @returns {string[]}
 */
export const leftOut = (ours, upstream) => {
  const leftOutNames = namesLeftOut(ours, upstream);
  const upstreamFiles = [...upstream.files].sort();
  return [
    ...upstream.set.file
      .filter(({ name }) => carriedFiles.includes(name))
      .map((file) => ({ path: file.name, names: namesIn(file).filter((name) => leftOutNames.has(name)) }))
      .map(({ path, names }) => ({ title: `of ${path}`, names: names.map(lastSegments) })),
    {
      title: `files of ${partial.directory}, not about report runs`,
      names: upstreamFiles
        .filter((path) => path.startsWith(partial.directory) && !ours.files.has(path))
        .map((path) => path.slice(partial.directory.length)),
    },
    ...filesLeftOut.map(({ reason, files }) => ({
      title: `files that are ${reason}`,
      names: upstreamFiles.filter((path) => files.some((file) => covers(file, path))),
    })),
  ]
    .filter(({ names }) => names.length > 0)
    .map(({ title, names }) => `${title} (${names.length}): ${names.join(", ")}`);
};

/** The part of a full name that is unique within a file. @param {string} name */
const lastSegments = (name) => name.replace(/^[a-z0-9.]+\./, "");

/** @param {string} entry @param {string} path */
const covers = (entry, path) => (entry.endsWith("/") ? path.startsWith(entry) : path === entry);

/** @param {string} path */
const reasonFor = (path) =>
  filesLeftOut.find(({ files }) => files.some((file) => covers(file, path)))?.reason;

/**
 * Upstream's elements that are out of scope: those of the partial directory that ours neither has nor is
 * meant to have. Additional elements of ours are compared anyway.
 * @param {Image} ours
 * @param {Image} upstream
 */
const namesLeftOut = (ours, upstream) => {
  const ourNames = new Set(ours.set.file.flatMap(namesIn));
  return new Set([
    ...upstream.set.file
      .filter((file) => file.name.startsWith(partial.directory))
      .flatMap(namesIn)
      .filter((name) => !partial.carries.has(name) && !ourNames.has(name)),
    ...partial.parts.flatMap((name) => {
      const ourMembers = membersOf(ours, name);
      return membersOf(upstream, name).filter((member) => !ourMembers.includes(member));
    }),
  ]);
};

/** The full names of a message's fields, messages and enums. @param {Image} image @param {string} name */
const membersOf = (image, name) => {
  const message = createFileRegistry(image.set).getMessage(name);
  if (message === undefined) return [];
  return [
    ...message.fields.map((field) => `${name}.${field.name}`),
    ...[...message.nestedMessages, ...message.nestedEnums].map(({ typeName }) => typeName),
  ];
};
