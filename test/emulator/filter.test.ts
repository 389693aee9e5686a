// SPDX-License-Identifier: Apache-2.0
import { Code } from "@connectrpc/connect";
import fc from "fast-check";
import { Operations } from "../../gen/google/longrunning/operations_pb.js";
import { matchesFilter } from "../../src/emulator/filter/filter.js";
import { parseFilter } from "../../src/emulator/filter/parser.js";
import { createFakeOperations } from "../../src/testing.js";
import { propertyRuns } from "../property-runs.js";

const RUNNING = {
  name: "networks/123/operations/reports/runs/456",
  metadata: {
    "@type": "type.googleapis.com/google.ads.admanager.v1.RunReportMetadata",
    percentComplete: 42,
    report: "networks/123/reports/7",
    labels: ["red", "green"],
    createTime: "2026-01-02T03:04:05Z",
  },
};
const FAILED = { name: "operations/1", done: true, error: { code: 5, message: "It is gone." } };

const matches = (filter: string, resource: Parameters<typeof matchesFilter>[1]) => {
  const condition = parseFilter(filter);
  return condition === undefined || matchesFilter(condition, resource);
};

test.each([
  ["", true, true],
  ["done = true", false, true],
  ["done=true", false, true],
  ["done = false", true, false], // ProtoJSON leaves it out: missing is the default
  ["done != true", true, false],
  ["NOT done = true", true, false],
  ["-done = true", true, false],
  ['name = "operations/1"', false, true],
  ["name = operations/1", false, true],
  ["name = operations/*", false, true],
  ["name = *456", true, false],
  ['name : "123"', true, false],
  ["error:*", false, true],
  ["error.code = 5", false, true],
  ["error.code > 4", false, true],
  ["error.code >= 6", false, false],
  ["error.code < 5", true, false], // a missing number is 0
  ["metadata.percent_complete >= 42", true, false],
  ["metadata.percentComplete < 50", true, true],
  ["metadata.@type=type.googleapis.com/google.ads.admanager.v1.RunReportMetadata", true, false],
  ["metadata.labels:green", true, false],
  ["metadata.labels:blue", false, false],
  ["metadata:report", true, false],
  ['metadata.create_time > "2026-01-01T00:00:00Z"', true, false],
  ["done = true AND error.code = 5", false, true],
  ["done = true error.code = 6", false, false], // a space means AND
  ["done = true OR error.code = 6", false, true],
  ["name:456 OR name:1 AND done = true", false, true], // OR binds tighter than AND
  ["name:456 OR (name:1 AND done = true)", true, true],
  ["NOT (name:456 OR done = true)", false, false],
  ["gone", false, true], // a text on its own is anywhere
  ['"It is"', false, true],
  ["error.message = 'It is gone.'", false, true],
  ["name.deeper = x", false, false],
  ["unknown = x", false, false],
])("%p is met by a running operation: %p, by a failed one: %p", (filter, running, failed) => {
  expect([matches(filter, RUNNING), matches(filter, FAILED)]).toEqual([running, failed]);
});

test.each([
  ["done =", 7],
  ["= true", 1],
  ["(done = true", 1],
  ["done = true)", 12],
  ['name = "x', 8],
  ["AND done = true", 1],
  ["done = true AND", 16],
  ["f(x)", 1],
  ["a, b", 2],
  ["((".repeat(40), 51],
])("refuses %p at column %p", (filter, column) => {
  expect(() => parseFilter(filter)).toThrow(
    expect.objectContaining({
      code: Code.InvalidArgument,
      rawMessage: expect.stringContaining(`at column ${column} `),
    }),
  );
});

test("no text makes it throw anything but InvalidArgument", () => {
  const piece = fc.constantFrom(
    "a",
    "1",
    ".",
    "(",
    ")",
    "-",
    "NOT ",
    " AND ",
    " OR ",
    '"',
    "'",
    "\\",
    "=",
    "!",
    "<",
    ":",
    " ",
    "@",
    "*",
    ",",
    "é",
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
      try {
        matches(pieces.join(""), RUNNING);
      } catch (error) {
        expect(error).toMatchObject({ code: Code.InvalidArgument });
      }
    }),
    { numRuns: propertyRuns(2_000) },
  );
});

test("a field name costs no more than its length, whatever underscores are in it", () => {
  const name = "_".repeat(4_000);
  expect(matches(`${name} = 1`, {})).toBe(false);
});

test.each([
  ["done=maybe", 'filter compares done with "maybe": expected true or false (AIP-160).'],
  ['done != "True"', 'compares done with "True"'],
  ["done:yes", 'compares done with "yes"'],
  ["name:1 AND NOT (done=1 OR name:2)", 'compares done with "1"'],
  ["error.code = NOT_FOUND", 'filter compares error.code with "NOT_FOUND": expected a number'],
  ['error.code > ""', 'compares error.code with ""'],
  ["dnoe=true", 'filter names "dnoe": Operation has the fields name, metadata, done, error, response'],
  ["Done=true", 'names "Done"'],
  ["error.reason:x", 'names "reason": Status has the fields code, message, details'],
  ["name.deeper = x", "filter names a field of name, which has none"],
  [`${"x".repeat(4_000)} = 1`, `names "${"x".repeat(64)}…"`],
])("a list whose filter is %.50s is rejected", async (filter, message) => {
  await expect(list(filter)).rejects.toMatchObject({
    code: Code.InvalidArgument,
    rawMessage: expect.stringContaining(message),
  });
});

test.each([
  "done=false",
  "done:*",
  "error:*",
  "error.code:*",
  "error.code != 5.0",
  "error.details:x",
  "error.details.reason = x",
  "response.anything.at_all = 1",
  "metadata.percentComplete > many", // a text that is compared as text
  "metadata.@type:x",
  'operations "done=maybe"', // texts, not comparisons
])("a list whose filter is %s is not", async (filter) => {
  expect((await list(filter)).message).toBeDefined();
});

const CHARACTERS = "expected at most 4096";
const CONDITIONS = "filter has too many conditions: expected at most 100";
test.each([
  ["of 8,000 open brackets", "(".repeat(8_000), `filter has 8000 characters: ${CHARACTERS}`],
  ["of 4 MiB of blanks", " ".repeat(4_194_304), `filter has 4194304 characters: ${CHARACTERS}`],
  ["one character too long", `name:${"x".repeat(4_092)}`, `filter has 4097 characters: ${CHARACTERS}`],
  ["of 4,096 open brackets", "(".repeat(4_096), "filter is nested deeper than 50 at column 51"],
  ["of 101 texts", "a ".repeat(101), CONDITIONS],
  ["of 101 comparisons with keywords", "name=AND ".repeat(101), CONDITIONS],
  ["of 101 conditions in brackets", "NOT (name:a OR done=true) ".repeat(51), CONDITIONS],
])("a list whose filter is %s is rejected", async (_, filter, message) => {
  await expect(list(filter)).rejects.toMatchObject({
    code: Code.InvalidArgument,
    rawMessage: expect.stringContaining(message),
  });
});

test.each([
  ["4,096 characters", `name:${"x".repeat(4_091)}`],
  ["100 conditions", "name:a ".repeat(100)],
  ["50 levels of brackets", `${"(".repeat(50)}name:a${")".repeat(50)}`],
])("a list takes a filter of %s", async (_, filter) => {
  expect((await list(filter)).message).toBeDefined();
});

function list(filter: string) {
  const { transport } = createFakeOperations();
  return transport.unary(Operations.method.listOperations, undefined, undefined, undefined, { filter });
}
