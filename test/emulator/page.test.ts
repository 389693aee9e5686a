// SPDX-License-Identifier: Apache-2.0
import { Code, ConnectError } from "@connectrpc/connect";
import fc from "fast-check";
import { fromPageToken, toPageToken } from "../../src/emulator/operations/page.js";

test("a token gives back the sequence it was made from, and is safe in a URL", () => {
  fc.assert(
    fc.property(fc.nat(), fc.string(), fc.string(), (after, parent, filter) => {
      const token = toPageToken(after, { parent, filter });
      expect(token).toMatch(/^[0-9a-z.]+$/);
      expect(fromPageToken(token, { parent, filter })).toBe(after);
    }),
  );
});

test("the empty token is the first page's", () => {
  expect(fromPageToken("", { parent: "operations", filter: "" })).toBe(-1);
});

test.each([
  ["a word", "nonsense!"],
  ["a token without its mark", "5"],
  ["a token with more behind it", `${toPageToken(5, { parent: "p", filter: "" })}.x`],
  ["a token of another parent", toPageToken(5, { parent: "q", filter: "" })],
  ["a token of another filter", toPageToken(5, { parent: "p", filter: "done = true" })],
  ["a token whose number is not written as it would be", `00${toPageToken(5, { parent: "p", filter: "" })}`],
])("refuses %s", (_, token) => {
  const read = () => fromPageToken(token, { parent: "p", filter: "" });
  expect(read).toThrow(ConnectError);
  expect(read).toThrow(expect.objectContaining({ code: Code.InvalidArgument }));
});
