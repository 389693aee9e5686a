// SPDX-License-Identifier: Apache-2.0
import { createClient } from "@connectrpc/connect";
import fc from "fast-check";
import { Operations } from "../../gen/google/longrunning/operations_pb.js";
import { CallError, createRestTransport } from "../../src/index.js";
import { anyText } from "../any-text.js";
import { propertyRuns } from "../property-runs.js";
import { httpAnswer, startRawServer } from "./raw-server.js";
import { createTestTransport } from "./rest-fixture.js";

// No name can change which host, path prefix or query is called.

const httpRules = [
  { selector: "google.longrunning.Operations.CancelOperation", post: "/v1/{name=networks/**}:cancel" },
  { selector: "google.longrunning.Operations.GetOperation", get: "/v1/{name}" },
];

/** Text with much in it that means something to a URL, a path or HTTP. */
const hostile = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        "/",
        "//",
        ".",
        "..",
        "?",
        "#",
        "%",
        "%2e",
        "%2F",
        "\\",
        ":",
        "@",
        "&",
        "=",
        " ",
        "\r\n",
        "\0",
        "\t",
      ),
      fc.constantFrom(
        "networks",
        "operations",
        ":cancel",
        "http://evil.example.com",
        "ü",
        "\u2028",
        "\ud800",
        "。",
        "/",
      ),
      anyText({ maxLength: 5 }),
    ),
    { maxLength: 8 },
  )
  .map((parts) => parts.join(""));

// `**` stands for no segment, too.
const PATH = /^\/prefix\/v1\/networks(\/[-\w.~%/]*)?:cancel$/;

test("a name is rejected or stays inside the path, whatever is in it", () => {
  const transport = createRestTransport({ baseUrl: "https://example.com/prefix", httpRules });
  const { cancelOperation, getOperation } = Operations.method;
  const urlOf = (run: () => { url: string }) => {
    try {
      return run().url;
    } catch (error) {
      expect(error).toBeInstanceOf(CallError);
      expect(error).toMatchObject({ requestSent: false });
      return undefined;
    }
  };
  fc.assert(
    fc.property(hostile, (name) => {
      for (const given of [name, `networks/${name}`]) {
        const url = urlOf(() => transport.describe(cancelOperation, { name: given }));
        if (url === undefined) continue;
        expect(new URL(url).href).toBe(url); // nothing for a URL parser to collapse or to mend
        expect(url.slice("https://example.com".length)).toMatch(PATH);
      }
      const single = urlOf(() => transport.describe(getOperation, { name }));
      if (single !== undefined) expect(single).toMatch(/^https:\/\/example\.com\/prefix\/v1\/[-\w.~%]+$/);
    }),
    { numRuns: propertyRuns(2_000) },
  );
});

test("the request line on the wire is the one that was described", async () => {
  const server = await startRawServer((socket) => socket.write(httpAnswer(200, "{}")));
  const client = createClient(
    Operations,
    createTestTransport({ baseUrl: `${server.baseUrl}/prefix`, httpRules }),
  );
  await fc.assert(
    fc.asyncProperty(hostile, async (name) => {
      const before = server.requests.length;
      const sent = await client.cancelOperation({ name: `networks/${name}` }).then(
        () => true,
        () => false,
      );
      expect(server.requests.length - before).toBe(sent ? 1 : 0);
      if (!sent) return;
      const [line = ""] = (server.requests[before] ?? "").split("\r\n");
      expect(line).toMatch(/^POST \S+ HTTP\/1\.1$/);
      expect(line.split(" ")[1]).toMatch(PATH);
    }),
    { numRuns: propertyRuns(300) },
  );
});
