// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { create } from "@bufbuild/protobuf";
import fc from "fast-check";
import { parse as parseYaml } from "yaml";
import { parseDuration } from "../../src/cli/arguments/duration.js";
import { flagsOf } from "../../src/cli/arguments/profile.js";
import { fromOperationJson } from "../../src/client/operation-json.js";
import { parseFilter } from "../../src/emulator/filter/parser.js";
import { fromPageToken, toPageToken } from "../../src/emulator/operations/page.js";
import { parseScript, scriptRegistry } from "../../src/emulator/script/script.js";
import { fromGrpcTimeout, fromServerTimeout } from "../../src/emulator/server/timeouts.js";
import { fromGrpcTrailer } from "../../src/errors/grpc-status.js";
import { parseTemplate } from "../../src/http-rule/path/template.js";
import { fromQuery } from "../../src/http-rule/query/query.js";
import { queryPlan } from "../../src/http-rule/query/query-plan.js";
import { parseHttpRule } from "../../src/http-rule/rule-json.js";
import { parseJsonBytes } from "../../src/json/json-text.js";
import { escapeJson, escapeText, escapeYaml } from "../../src/names/escape.js";
import { nameProblem } from "../../src/names/operation-name.js";
import { parseServiceConfig } from "../../src/retry/grpc-service-config.js";
import { parseRetryAfter } from "../../src/retry/retry-delay.js";
import { parseConfig } from "../../src/service-config/source.js";
import { parseBaseUrl } from "../../src/transport/endpoint.js";
import { createFrameReader, wholeFrameIn } from "../../src/transport/grpc/http2/frame.js";
import { proxyFor } from "../../src/transport/http/proxy-environment.js";
import { anyText } from "../any-text.js";
import { vaultType } from "../json/vault-schema.js";
import { propertyRuns } from "../property-runs.js";

// Every parser of a text from outside: it answers, or throws its own error; nothing else, and nothing without an end. What
// was found once goes into corpus/, which is tried each time.

const CORPUS: string[] = JSON.parse(readFileSync(join(__dirname, "corpus/texts.json"), "utf8"));
const bytesOf = (text: string) => new TextEncoder().encode(text);
const QUESTION = { parent: "operations", filter: "" };
const BACKOFF = {
  initialMs: 1,
  multiplier: 1,
  maxMs: 1,
  jitter: 0,
  maxAttempts: 1,
  maxRetryDelayMs: 1,
  codes: [],
};

const TYPES = scriptRegistry(undefined);
const Vault = vaultType("Vault");
const VAULT = { plan: queryPlan(Vault, []), bound: [] };

/** The value of a YAML text; the text itself if it has none. */
function yaml(text: string): unknown {
  try {
    return parseYaml(text, { logLevel: "silent" });
  } catch {
    return text;
  }
}

/** Fewer texts for what reads YAML, which takes its time. */
const YAML_RUNS = 1_000;

/** The parsers, the names of what they may throw, and how many texts are tried in a long run. */
const PARSERS: Record<string, [parse: (text: string) => unknown, errors: string[], runs?: number]> = {
  "a path template": [(text) => parseTemplate(text), ["HttpRuleError"]],
  "an http rule": [(text) => parseHttpRule({ selector: text, get: text, body: text }, 0), ["HttpRuleError"]],
  "JSON of a response": [
    (text) => parseJsonBytes(bytesOf(text)),
    ["SyntaxError", "TypeError", "JsonLimitError"],
  ],
  "a duration of a flag": [parseDuration, []],
  "a filter": [parseFilter, ["ConnectError"]],
  "a page token": [(text) => fromPageToken(text, QUESTION), ["ConnectError"]],
  "a grpc-timeout": [fromGrpcTimeout, ["ConnectError"]],
  "a Retry-After": [(text) => parseRetryAfter(text, 0), []],
  "a server timeout": [fromServerTimeout, ["ConnectError"]],
  "the status in gRPC trailers": [
    (text) =>
      fromGrpcTrailer(
        new Headers({
          "grpc-status": encodeURIComponent(text.replace(/\p{Cs}/gu, "")).slice(0, 5),
          "grpc-message": encodeURIComponent(text.replace(/\p{Cs}/gu, "")),
          "grpc-status-details-bin": btoa(encodeURIComponent(text.replace(/\p{Cs}/gu, ""))),
        }),
      ),
    [],
  ],
  "the frames of a gRPC response": [(text) => createFrameReader(1_000).push(bytesOf(text)), ["ConnectError"]],
  "a frame of a gRPC response": [(text) => wholeFrameIn(bytesOf(text), 1_000), ["ConnectError"]],
  "a service configuration": [parseConfig, ["ServiceConfigError"]],
  "a gRPC service configuration": [
    (text) =>
      parseServiceConfig({ methodConfig: [{ name: [{ service: text }], timeout: text }] }, "x", BACKOFF),
    ["TypeError"],
  ],
  "a base URL": [(text) => parseBaseUrl(text), ["TypeError"]],
  "a proxy": [(text) => proxyFor("https://a.example", text), ["HttpError"]],
  "a proxy of the environment": [
    (text) => proxyFor("https://a.example", undefined, { HTTPS_PROXY: text, NO_PROXY: text }),
    ["HttpError"],
  ],
  "the name of an operation": [(text) => nameProblem(text), []],
  "a profile": [
    (text) => flagsOf({ path: "longrunning.yaml", folder: "/", text }),
    ["UsageError"],
    YAML_RUNS,
  ],
  "a value in a profile": [
    (text) => flagsOf({ path: "longrunning.yaml", folder: "/", text: `timeout: ${text}\n` }),
    ["UsageError"],
    YAML_RUNS,
  ],
  "a script of the emulator": [
    (text) => parseScript({ operations: [{ id: text, duration: text, response: yaml(text) }] }, TYPES),
    ["TypeError"],
    YAML_RUNS,
  ],
  "a query": [(text) => fromQuery(text, create(Vault), VAULT), ["ConnectError"]],
  "the value of a query's parameter": [
    (text) => {
      for (const { jsonName } of Vault.fields) fromQuery(`${jsonName}=${text}`, create(Vault), VAULT);
    },
    ["ConnectError"],
  ],
  "a saved handle": [(text) => fromOperationJson({ version: 1, name: text, operation: text }), ["TypeError"]],
};

/** Texts that parsers care about, pieced together, and any others. */
const hostileText = fc.oneof(
  anyText({ maxLength: 60 }),
  fc.array(fc.constantFrom(...CORPUS), { maxLength: 5 }).map((parts) => parts.join("")),
  fc.tuple(fc.constantFrom(...CORPUS), fc.nat(200)).map(([text, count]) => text.repeat(count)),
);

test.each(Object.entries(PARSERS))(
  "%s: a result or an error of its own",
  async (_what, [parse, errors, runs = 10_000]) => {
    const tried = async (text: string) => {
      try {
        await parse(text);
      } catch (error) {
        // Not instanceof: some are errors of Node itself, which are of another realm here.
        expect({ text, name: Object(error).name }).toEqual({
          text,
          name: expect.stringMatching(`^(${errors.join("|")})$`),
        });
      }
    };
    for (const text of CORPUS) await tried(text);
    await fc.assert(fc.asyncProperty(hostileText, tried), { numRuns: propertyRuns(runs) });
  },
);

test("a page token is read back, and only for the question that it was given for", () => {
  fc.assert(
    fc.property(fc.nat(), hostileText, (after, filter) => {
      const token = toPageToken(after, { ...QUESTION, filter });
      expect(fromPageToken(token, { ...QUESTION, filter })).toBe(after);
      expect(() => fromPageToken(token, { ...QUESTION, filter: `${filter}x` })).toThrow();
    }),
    { numRuns: propertyRuns(2_000) },
  );
});

test.each([
  ["text", escapeText],
  ["JSON", escapeJson],
  ["YAML", escapeYaml],
])("what is written as %s holds no control", (_what, write) => {
  fc.assert(
    fc.property(hostileText, (text) => {
      expect(write(text)).not.toMatch(
        /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/,
      );
    }),
    { numRuns: propertyRuns(5_000) },
  );
});
