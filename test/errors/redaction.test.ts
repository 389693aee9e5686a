// SPDX-License-Identifier: Apache-2.0
import { inspect } from "node:util";
import { create, createRegistry } from "@bufbuild/protobuf";
import { anyPack } from "@bufbuild/protobuf/wkt";
import { Code, ConnectError } from "@connectrpc/connect";
import fc from "fast-check";
import { RunReportRequestSchema } from "../../gen/google/ads/admanager/v1/report_service_pb.js";
import { CallError, toCallError } from "../../src/errors/call-error.js";
import { redactError } from "../../src/errors/redaction.js";
import { formsOf, redactText, secretsInHeaders } from "../../src/errors/secrets.js";

const TOKEN = "ya29.a+b/c=d~planted-token";
const forms = formsOf([TOKEN]);

/** How a response may write a secret. */
const WRITTEN: [string, (secret: string) => string][] = [
  ["plain", (secret) => secret],
  ["percent-encoded", encodeURIComponent],
  [
    "percent-encoded in lower case",
    (secret) => encodeURIComponent(secret).replace(/%\w\w/g, (c) => c.toLowerCase()),
  ],
  ["in JSON with escaped slashes", (secret) => secret.replaceAll("/", "\\/")],
  [
    "percent-encoded to the last character",
    (secret) => Buffer.from(secret).toString("hex").replace(/../g, "%$&"),
  ],
  ["percent-encoded twice", (secret) => encodeURIComponent(encodeURIComponent(secret))],
  [
    "in JSON with nothing but escapes",
    (secret) => secret.replace(/./g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`),
  ],
  ["in HTML as Go writes it", (secret) => secret.replace(/[+&<>"']/g, (c) => `&#${c.charCodeAt(0)};`)],
  [
    "in HTML as OWASP has it",
    (secret) => secret.replace(/[^\w.~-]/g, (c) => `&#x${c.charCodeAt(0).toString(16).toUpperCase()};`),
  ],
  ["in hexadecimal", (secret) => Buffer.from(secret).toString("hex")],
  ["in base64", (secret) => Buffer.from(secret).toString("base64")],
  ["in base64 after one byte", (secret) => Buffer.from(`x${secret}`).toString("base64")],
  ["in base64 after two bytes", (secret) => Buffer.from(`xy${secret}`).toString("base64")],
  [
    "in base64 of a whole header",
    (secret) => Buffer.from(`Authorization: Bearer ${secret}\r\n`).toString("base64"),
  ],
  ["in base64 for URLs", (secret) => Buffer.from(`Bearer ${secret}`).toString("base64url")],
];

/** Whether any half of the token is left: what is redacted is redacted whole. */
function leaksIn(text: string): boolean {
  const decoded = [text, decodeURIComponent(text.replace(/%(?![\da-f]{2})/gi, "%25"))];
  decoded.push(text.replace(/\\u(\w{4})/g, (_, code) => String.fromCharCode(Number.parseInt(code, 16))));
  for (const run of text.match(/[\w+/-]{6,}/g) ?? []) {
    decoded.push(Buffer.from(run, "base64").toString("latin1"), Buffer.from(run, "hex").toString("latin1"));
  }
  return decoded.some((one) => one.includes("planted-token"));
}

test.each(WRITTEN)("a secret is found %s", (_, write) => {
  const text = `I was sent ${write(TOKEN)}!`;
  expect(leaksIn(text)).toBe(true);
  expect(leaksIn(redactText(text, forms))).toBe(false);
  expect(redactText(text, forms)).toMatch(/^I was sent .*\[redacted\].*!$/);
});

test("a secret may have half a character", () => {
  const secret = "planted-\ud800-token";
  expect(redactText(`no ${secret} here`, formsOf([secret]))).toBe("no [redacted] here");
});

test("whatever stands around a secret in base64, it is found", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), fc.uint8Array({ maxLength: 40 }), (before, after) => {
      const text = Buffer.concat([before, Buffer.from(TOKEN), after]).toString("base64");
      expect(leaksIn(redactText(text, forms))).toBe(false);
    }),
  );
});

test.each<[string, Record<string, string>, string[]]>([
  ["a token", { authorization: "Bearer the-token" }, ["the-token"]],
  ["a token without a scheme", { authorization: "the-token" }, ["the-token"]],
  [
    "a password",
    { authorization: `Basic ${btoa("user:pass:word")}` },
    [btoa("user:pass:word"), "user:pass:word", "pass:word"],
  ],
  ["a proxy's", { "proxy-authorization": "Bearer the-token" }, ["the-token"]],
  ["an API key", { "x-goog-api-key": "AIza-key" }, ["AIza-key"]],
  ["a token in a header of another name", { "x-goog-iam-authorization-token": "the-token" }, ["the-token"]],
  ["cookies", { cookie: "a=1; session=abc-def" }, ["a=1; session=abc-def", "abc-def"]],
  ["nothing secret", { "x-goog-user-project": "project-1", accept: "application/json" }, []],
  ["a text too short for a secret", { authorization: "Bearer abc" }, []],
])("a request's secrets: %s", (_, headers, secrets) => {
  expect(secretsInHeaders(Object.entries(headers))).toEqual(secrets);
});

describe("an error", () => {
  /** Each place of an error that a response can fill, filled with a text. */
  const places: [string, (text: string) => unknown][] = [
    ["message", (text) => new CallError({ code: Code.Internal, message: text, requestSent: true })],
    ["metadata", (text) => withParts({ metadata: { "x-echo": text } })],
    ["a detail", (text) => withParts({ details: [{ type: "a.B", value: new TextEncoder().encode(text) }] })],
    [
      "a detail's JSON",
      (text) => withParts({ details: [{ type: "a.B", value: new Uint8Array(), debug: { text } }] }),
    ],
    ["cause", (text) => withParts({ cause: new Error(text) })],
    ["cause of the cause", (text) => withParts({ cause: new Error("a", { cause: new Error(text) }) })],
    [
      "the bytes of a cause",
      (text) => withParts({ cause: Object.assign(new Error("a"), { rawPacket: Buffer.from(text) }) }),
    ],
    [
      "a hidden field of a cause",
      (text) => withParts({ cause: Object.defineProperty(new Error("a"), "b", { value: text }) }),
    ],
    ["one of many causes", (text) => withParts({ cause: new AggregateError([new Error(text)], "a") })],
    [
      "a map in a cause",
      (text) => withParts({ cause: Object.assign(new Error("a"), { map: new Map([["a", text]]) }) }),
    ],
    ["another transport's error", (text) => new ConnectError(text, Code.Internal, { "x-echo": text })],
    ["an error of the platform", (text) => new TypeError(text)],
    ["a thrown text", (text) => text],
  ];
  const withParts = (parts: object) =>
    new CallError({ code: Code.Internal, message: "nope", requestSent: true, ...parts });

  /** Everything that can be printed of an error. */
  const printed = (error: unknown) =>
    [
      inspect(error, { depth: 20, showHidden: true, customInspect: false }),
      inspect(error, { depth: 20 }),
      JSON.stringify(error),
      String(error),
      ...(error instanceof CallError
        ? [
            error.stack,
            inspect([...error.metadata]),
            String(Object(error.cause).rawPacket),
            inspect(error.cause, { depth: 20, showHidden: true }),
          ]
        : []),
      ...(error instanceof CallError
        ? error.status.details.map(({ value }) => Buffer.from(value).toString("latin1"))
        : []),
    ].join("\n");

  test.each(places)("has no secret in its %s", (_, fill) => {
    const token = "planted-token-of-the-test";
    for (const [, write] of WRITTEN.slice(0, 1).concat(WRITTEN.slice(4, 6))) {
      const error = fill(write(token));
      expect(leaksIn(printed(error))).toBe(true);
      const clean = redactError(error, formsOf([token]));
      expect(leaksIn(printed(clean))).toBe(false);
    }
  });

  test("that holds none is the same object", () => {
    const error = withParts({ cause: new Error("a"), metadata: { a: "b" } });
    expect(redactError(error, forms)).toBe(error);
  });

  test("keeps what is no secret", () => {
    const error = new CallError({
      code: Code.PermissionDenied,
      message: `no: ${TOKEN}`,
      method: "a.B.C",
      operationName: "operations/1",
      metadata: { "x-request-id": "r1", "x-echo": TOKEN },
      cause: new Error("kept"),
      httpStatus: 403,
      requestSent: true,
      attempts: 3,
    });
    const clean = redactError(error, forms);
    expect(clean).toMatchObject({
      code: Code.PermissionDenied,
      method: "a.B.C",
      operationName: "operations/1",
      httpStatus: 403,
      attempts: 3,
      reason: error.reason,
      cause: error.cause,
    });
    expect(clean.status.message).toBe("no: [redacted]");
    expect([...clean.metadata]).toEqual([["x-request-id", "r1"]]);
  });

  test("keeps details readable, the advice for a lost start, and the reason of a limit", () => {
    const registry = createRegistry(RunReportRequestSchema);
    const detail = anyPack(
      RunReportRequestSchema,
      create(RunReportRequestSchema, { name: "networks/1/reports/2" }),
    );
    const lost = toCallError(
      new CallError({
        code: Code.Unavailable,
        message: `lost: ${TOKEN}`,
        method: "a.B.RunReport",
        details: [{ type: RunReportRequestSchema.typeName, value: detail.value }],
        requestSent: true,
        registry,
        startsOperation: true,
      }),
      { attempts: 2 },
    );
    const clean = redactError(lost, forms);
    expect(clean).not.toBe(lost);
    expect(clean.toJSON()).toMatchObject({
      message: expect.stringContaining("the operation may have been started"),
      attempts: 2,
      details: [{ name: "networks/1/reports/2" }],
    });
    const limit = withParts({ code: Code.PermissionDenied, message: TOKEN, reason: "rate-limited" });
    expect(redactError(limit, forms)).toMatchObject({ reason: "rate-limited" });
  });

  test("whose causes bite their tails is searched once", () => {
    const cause: { cause?: unknown } = new Error("a");
    cause.cause = { again: cause };
    expect(leaksIn(printed(redactError(withParts({ cause }), forms)))).toBe(false);
  });
});
