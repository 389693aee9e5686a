import { parseBaseUrl } from "../../src/transport/endpoint.js";
import { expectLinear } from "../linear-cost.js";

function thrownBy(run: () => unknown): unknown {
  try {
    return run();
  } catch (error) {
    return error;
  }
}

test.each([
  ["https://example.com", { origin: "https://example.com", prefix: "", secure: true, loopback: false }],
  ["https://example.com/", { origin: "https://example.com", prefix: "" }],
  ["https://example.com:8443/a/b//", { origin: "https://example.com:8443", prefix: "/a/b" }],
  ["https://Example.COM:443/a%20b", { origin: "https://example.com", prefix: "/a%20b" }],
  ["HTTPS://example.com", { origin: "https://example.com", secure: true }],
  ["https://[2001:db8::1]/x", { origin: "https://[2001:db8::1]", prefix: "/x" }],
  ["http://localhost:8080", { origin: "http://localhost:8080", secure: false, loopback: true }],
  ["http://emulator.localhost", { loopback: true }],
  ["http://127.0.0.1:1", { loopback: true }],
  ["http://127.9.8.7", { loopback: true }],
  ["http://2130706433", { origin: "http://127.0.0.1", loopback: true }], // 127.0.0.1 as one number
  ["http://[::1]:1", { origin: "http://[::1]:1", hostname: "[::1]", loopback: true }],
])("takes %s", (baseUrl, want) => {
  expect(parseBaseUrl(baseUrl)).toMatchObject(want);
});

test.each([
  ["", "is empty"],
  ["example.com", "does not begin with https://"],
  ["ftp://example.com", "does not begin with https://"],
  ["https:example.com", "does not begin with https://"],
  ["https:\\\\example.com", "does not begin with https://"],
  [" https://example.com", "does not begin with https://"],
  ["https://", "does not begin with https://"],
  ["https:///path", "does not begin with https://"],
  ["https://me:secret@example.com", "has credentials"],
  ["https://@example.com", "has credentials"],
  ["https://example.com?key=secret", "has a query"],
  ["https://example.com/?", "has a query"],
  ["https://example.com#x", "has a fragment"],
  ["https://example.com/a#", "has a fragment"],
  ["https://example.com/a/../b", "has a dot segment"],
  ["https://example.com/%2e%2E/b", "has a dot segment"],
  ["https://example.com/./b", "has a dot segment"],
  ["https://example.com//b", "has an empty segment"],
  ["https://example.com/a b", "must be percent-encoded"],
  ["https://example.com/a\nb", "must be percent-encoded"],
  ["https://example.com/a\\..\\b", "must be percent-encoded"],
  ["https://exa\tmple.com", "has no valid host"],
  ["https://example.com ", "has no valid host"],
  ["https://example.com:99999", "has no valid host"],
  ["https://exa mple.com", "has no valid host"],
  ["http://example.com", "plain http to a host that is not this machine (got http://example.com;"],
  ["http://localhost.example.com", "plain http"],
  ["http://127.0.0.1.example.com", "plain http"],
  ["http://0.0.0.0", "plain http"],
])("rejects %j", (baseUrl, problem) => {
  const error = thrownBy(() => parseBaseUrl(baseUrl)) as Error; // checked in the next line
  expect(error).toBeInstanceOf(TypeError);
  expect(error.message).toMatch(/^baseUrl: .* \(.*expected .*\)$/);
  expect(error.message).toContain(problem);
  expect(error.message).not.toContain("secret");
});

test("rejects a value that is not a string", () => {
  const options: object = { baseUrl: 5 };
  const { baseUrl } = options as { baseUrl: string };
  expect(() => parseBaseUrl(baseUrl)).toThrow(
    "baseUrl: is not a string (got number; expected https://host[:port][/prefix])",
  );
});

test("takes plain http to another machine when told to", () => {
  expect(parseBaseUrl("http://example.com/x", { allowInsecure: true })).toMatchObject({
    origin: "http://example.com",
    prefix: "/x",
    secure: false,
    loopback: false,
  });
});

test.each<[string, (slashes: string) => string]>([
  ["before a letter", (slashes) => `${slashes}a`],
  ["on both sides of one", (slashes) => `/a${slashes}b${slashes}`],
])("a path costs no more than its length, with slashes %s", async (_where, pathOf) => {
  await expectLinear(20_000, (size) => {
    expect(() => parseBaseUrl(`https://example.com${pathOf("/".repeat(size))}`)).toThrow("empty segment");
  });
});
