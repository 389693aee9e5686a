// SPDX-License-Identifier: Apache-2.0
import { isBelow, parseParent } from "../../src/emulator/operations/page.js";

const RUN = "networks/123/operations/reports/runs/456";

test.each([
  ["networks/123", RUN, true],
  ["networks/123/operations", RUN, true],
  ["networks/123/operations/reports", RUN, true],
  ["networks/123/operations/reports/runs", RUN, true],
  ["networks/-", RUN, true], // any network
  ["networks/124", RUN, false],
  ["networks/12", RUN, false], // no prefix of text, but of segments
  ["networks", RUN, false], // the operations of a network are not those of the collection of networks
  [RUN, RUN, false],
  ["", RUN, true],
  ["operations", RUN, false],
  ["operations", "operations/1", true],
  ["operations", "operations/a/b", true],
  ["", "operations/1", true],
  ["projects/p", "projects/p/locations/l/operations/1", false],
  ["projects/p/locations/-", "projects/p/locations/l/operations/1", true],
  ["projects/-/locations/-/operations", "projects/p/locations/l/operations/1", true],
  ["jobs", "jobs/1", true], // a name without the segment is below each of its prefixes
  ["a", "a/b/c", true],
])("under %p, %p is listed: %p", (parent, name, expected) => {
  expect(isBelow(parseParent(parent), name)).toBe(expected);
});
