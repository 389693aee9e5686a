// SPDX-License-Identifier: Apache-2.0
import { parseBaseUrl } from "../../../src/transport/endpoint.js";
import { createDispatcherEngine, createHttpEngine } from "../../../src/transport/http/fetch.js";

const endpoint = parseBaseUrl("https://example.com");
const expected = "not available on this platform (expected Node; fetch is the option here)";

test.each([
  ["tls", { tls: { ca: "a certificate" } }],
  ["tls", { tls: {} }],
  ["proxy", { proxy: "http://proxy.test:3128" }],
  ["maxSockets", { maxSockets: 8 }],
])("where connections are the platform's, %s is rejected, which would have no effect", (name, options) => {
  expect(() => createHttpEngine({ endpoint, ...options })).toThrow(new TypeError(`${name}: ${expected}`));
});

test("a dispatcher is rejected there, too", () => {
  expect(() => createDispatcherEngine()).toThrow(new TypeError(`dispatcher: ${expected}`));
});

test("an option that asks for nothing is none", async () => {
  const engine = createHttpEngine({ endpoint, tls: undefined, proxy: false, maxSockets: undefined });
  await expect(engine.close()).resolves.toBeUndefined();
});
