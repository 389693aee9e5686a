// SPDX-License-Identifier: Apache-2.0
import fc from "fast-check";
import { CallError, Code } from "../../src/index.js";
import { oddityOf } from "../../src/names/odd-name.js";
import { propertyRuns } from "../property-runs.js";

test.each<[name: string, oddity: string]>([
  [" operations/1", "begins or ends with white space"],
  ["operations/1\u00a0", "begins or ends with white space"],
  ["operations/1 ", "begins or ends with white space"],
  ["\ufeffoperations/1", "begins or ends with white space"], // a byte order mark is white space in ECMAScript
  ["'operations/1'", "begins or ends with '"],
  ["<operations/1>", "begins or ends with <"],
  ["operations/1,", "begins or ends with ,"],
  ["operations%2F1", "is percent-encoded"],
  ["networks/undefined/operations/reports/runs/1", 'has the segment "undefined"'],
  ["operations/[object Object]", 'has the segment "[object Object]"'],
  ["networks/1/oper\u0430tions/1", "has U+0430 at 15, which is not ASCII"],
  ["operations/1\u200b", "has U+200B at 12, which is not ASCII"],
  ["operations\u22151", "has U+2215 at 10, which is not ASCII"], // a division slash
  ["operations/\uff11", "has U+FF11 at 11, which is not ASCII"],
  ["operations/\u{1f600}", "has U+1F600 at 11, which is not ASCII"],
])("%j %s", (name, oddity) => {
  expect(oddityOf(name)).toBe(oddity);
});

test("names as servers give them are usual", () => {
  const segment = fc
    .stringMatching(/^[a-zA-Z0-9][a-zA-Z0-9._~-]{0,20}$/)
    .filter((text) => !/^(undefined|null|NaN)$/.test(text));
  fc.assert(
    fc.property(fc.array(segment, { minLength: 1, maxLength: 8 }), (segments) => {
      expect(oddityOf(segments.join("/"))).toBeUndefined();
    }),
    { numRuns: propertyRuns(200) },
  );
  for (const name of ["operations/a:b", "operations/undefined-1", "a/b=c", "operations/acat.p17-123-null"]) {
    expect(oddityOf(name)).toBeUndefined();
  }
});

describe("in an error", () => {
  const init = {
    message: "no",
    method: "google.longrunning.Operations.GetOperation",
    operationName: "operations/1\u200b",
  };

  test("is added to what to do where the name may be wrong", () => {
    const notFound = new CallError({ ...init, code: Code.NotFound, requestSent: true });
    expect(notFound.message).toContain(
      "finished operations after some time; the name has U+200B at 12, which is not ASCII)",
    );
    const unsent = new CallError({ ...init, code: Code.InvalidArgument, requestSent: false });
    expect(unsent.message).toMatch(/no \(the name has U\+200B at 12, which is not ASCII\)$/);
  });

  test("is not added to others", () => {
    const error = new CallError({ ...init, code: Code.Unavailable, requestSent: true });
    expect(error.message).not.toContain("ASCII");
    expect(error.rawMessage).toBe("no");
  });
});
