// SPDX-License-Identifier: Apache-2.0
// Compares descriptors element by element, with all their options: buf breaking knows no custom ones.
import { createFileRegistry } from "@bufbuild/protobuf";
import { isWellKnown } from "./cut.mjs";
import { factsOfFile } from "./facts.mjs";

/** @typedef {import("@bufbuild/protobuf/wkt").FileDescriptorSet} FileDescriptorSet */
/** @typedef {import("./facts.mjs").Facts} Facts */

/**
 * @param {FileDescriptorSet} ours
 * @param {FileDescriptorSet} upstream
 * @returns {{ elements: number, differences: string[] }} how many elements were compared, and a line for
 *   each difference, which names the file, the element and both values
 */
export const findDifferences = (ours, upstream) => {
  const [ourElements, upstreamElements] = [elementsOf(ours), elementsOf(upstream)];
  const keys = [...new Set([...ourElements.keys(), ...upstreamElements.keys()])];
  return {
    elements: ourElements.size,
    differences: keys.sort().flatMap((key) => {
      const [our, their] = [ourElements.get(key), upstreamElements.get(key)];
      if (our !== undefined && their !== undefined) return differingFacts(key, our, their);
      const [has, hasNot, present] = our
        ? ["ours", "upstream", ourElements]
        : ["upstream", "ours", upstreamElements];
      const other = our ? upstreamElements : ourElements;
      return isInsideAnother(key, present, other) ? [] : [`${key}: ${has} has it, ${hasNot} does not`];
    }),
  };
};

/** @param {FileDescriptorSet} set */
const elementsOf = (set) => {
  const registry = createFileRegistry(set);
  return new Map(
    set.file.filter(({ name }) => !isWellKnown(name)).flatMap((file) => factsOfFile(file, registry)),
  );
};

/** @param {string} key @param {Facts} ours @param {Facts} upstream */
const differingFacts = (key, ours, upstream) =>
  [...new Set([...ours.keys(), ...upstream.keys()])]
    .filter((fact) => ours.get(fact) !== upstream.get(fact))
    .map(
      (fact) =>
        `${key}: ${fact}: ours ${ours.get(fact) ?? "unset"}, upstream ${upstream.get(fact) ?? "unset"}`,
    );

/**
 * Whether an element is missing only because the one around it is, which is reported already.
 * @param {string} key
 * @param {ReadonlyMap<string, Facts>} present
 * @param {ReadonlyMap<string, Facts>} other
 */
const isInsideAnother = (key, present, other) => {
  const around = key.slice(0, key.lastIndexOf("."));
  const file = key.slice(0, key.indexOf(": "));
  return [around, file].some((outer) => outer !== key && present.has(outer) && !other.has(outer));
};
