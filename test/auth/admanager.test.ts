// SPDX-License-Identifier: Apache-2.0
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { build, stop } from "esbuild";
import { createAdManagerClient } from "../../src/admanager.js";
import { browserAlias } from "../browser-alias.js";
import { failureOf } from "./auth-fixture.js";

const NAME = "networks/123/operations/reports/runs/456";
const root = join(__dirname, "../..");

/** Ad Manager on this machine, which keeps the `authorization` of each call, and answers as told. */
async function startApi(status = 200) {
  const seen: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    seen.push(request.headers.authorization);
    response.writeHead(status, { "content-type": "application/json" });
    response.end(status === 200 ? "{}" : JSON.stringify({ error: { code: status, message: "no" } }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const close = () =>
    new Promise((resolve) => {
      server.closeAllConnections();
      server.close(resolve);
    });
  return { baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen, close };
}

test.each([
  ["no credential for an API on this machine", undefined, undefined],
  ["no credential when it is switched off", false as const, undefined],
  [
    "a client's credential",
    { getRequestHeaders: async () => ({ authorization: "Bearer one" }) },
    "Bearer one",
  ],
  ["a function's token", () => "two", "Bearer two"],
  ["a token among options", { token: "three" }, "Bearer three"],
])("sends %s", async (_, auth, authorization) => {
  const api = await startApi();
  const client = createAdManagerClient({ baseUrl: api.baseUrl, auth });
  await client.cancelOperation(NAME);
  await client.close();
  await api.close();
  expect(api.seen).toEqual([authorization]);
});

test("a refused cancel names the scope that it needs, a refused look both that it takes", async () => {
  const api = await startApi(401);
  const client = createAdManagerClient({ baseUrl: api.baseUrl, auth: { token: "expired" } });
  const cancel = await failureOf(client.cancelOperation(NAME));
  const look = await failureOf(client.getOperation(NAME));
  await client.close();
  await api.close();
  const scope = "https://www.googleapis.com/auth/admanager";
  expect(cancel.message).toContain(`The call needs the scope ${scope}; get a token`);
  expect(look.message).toContain(`The call needs the scope ${scope} or ${scope}.readonly; get a token`);
});

test("a transport of one's own brings its credentials", () => {
  const transport = { unary: jest.fn(), stream: jest.fn() };
  expect(() => createAdManagerClient({ transport, auth: { token: "t" } })).toThrow(
    "expected none of auth, baseUrl, interceptors",
  );
});

test("a bundle for browsers holds the client, and nothing of google-auth-library", async () => {
  const { metafile } = await build({
    stdin: { contents: 'export * from "./src/admanager.js";', resolveDir: root },
    bundle: true,
    platform: "browser",
    format: "esm",
    write: false,
    metafile: true,
    logLevel: "error",
    // As a bundler of this package finds them, which has no tsconfig.json to look at; sources in place of what is built.
    tsconfigRaw: {},
    alias: browserAlias,
  });
  await stop();
  const inputs = Object.keys(metafile.inputs);
  expect(inputs.some((input) => input.endsWith("src/auth/interceptor.ts"))).toBe(true);
  expect(inputs.filter((input) => /google-auth-library\/|gaxios|undici/.test(input))).toEqual([]);
});
