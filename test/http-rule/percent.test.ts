// SPDX-License-Identifier: Apache-2.0
import { Code } from "@connectrpc/connect";
import fc from "fast-check";
import { decodeKeepingSlash, decodeText, encodeText } from "../../src/http-rule/path/percent.js";
import { anyText } from "../any-text.js";
import { propertyRuns } from "../property-runs.js";

test("encodes every byte but the unreserved ones, in upper case", () => {
  const ascii = Array.from({ length: 128 }, (_, code) => String.fromCharCode(code));
  for (const char of ascii) {
    const hex = char.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0");
    expect(encodeText(char, "it")).toBe(/[-_.~0-9A-Za-z]/.test(char) ? char : `%${hex}`);
  }
  expect(encodeText("é\u{1f600}", "it")).toBe("%C3%A9%F0%9F%98%80");
});

test.each([
  ["\ud800", 0],
  ["a\udc00", 1],
  ["\u{1f600}\ud800x", 2],
  ["\ud800\ud800\udc00", 0],
])("rejects the lone surrogate in %j and says where", (text, at) => {
  expect(() => encodeText(text, "name")).toThrow(
    expect.objectContaining({
      code: Code.InvalidArgument,
      rawMessage: `name has a lone surrogate at ${at}, expected well-formed Unicode`,
    }),
  );
});

test("a name is encoded as any other text is, character by character", () => {
  const unit = fc.constantFrom(..."aZ09-._~/", "%", "é", "(");
  fc.assert(
    fc.property(fc.string({ unit }), (name) => {
      expect(encodeText(name, "it")).toBe([...name].map((char) => encodeText(char, "it")).join(""));
    }),
    { numRuns: propertyRuns(200) },
  );
});

test("decoding is the inverse of encoding", () => {
  fc.assert(
    fc.property(anyText(), (text) => {
      expect(decodeText(encodeText(text, "it"))).toBe(text);
      expect(
        decodeKeepingSlash(
          text
            .split("/")
            .map((part) => encodeText(part, "it"))
            .join("/"),
        ),
      ).toBe(text);
    }),
    { numRuns: propertyRuns(10_000) },
  );
}, 60_000);

test.each(["%", "%2", "%zz", "%ff", "%C3", "%ED%A0%80"])("%s decodes to nothing", (text) => {
  expect(decodeText(text)).toBeUndefined();
  expect(decodeKeepingSlash(text)).toBeUndefined();
});

test("an encoded slash can be kept", () => {
  expect(decodeKeepingSlash("a%2Fb%2f%20%252F")).toBe("a%2Fb%2f %2F");
  expect(decodeText("a%2Fb%2f%20%252F")).toBe("a/b/ %2F");
});
