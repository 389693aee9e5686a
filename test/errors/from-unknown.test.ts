// SPDX-License-Identifier: Apache-2.0

import { connect } from "node:net";
import { runInNewContext } from "node:vm";
import { connectionErrorIn } from "../../src/errors/connection.js";

function isConnectionError(error: unknown): boolean {
  return connectionErrorIn(error) !== undefined;
}

function errorWith(code: string, extra: object = {}): Error {
  return Object.assign(new Error(`it was ${code}`), { code }, extra);
}

test.each([
  "ECONNREFUSED",
  "ECONNRESET",
  "EPIPE",
  "ENOTFOUND",
  "EAI_AGAIN",
  "ETIMEDOUT",
  "UND_ERR_SOCKET",
  "UND_ERR_CONNECT_TIMEOUT",
  "UND_ERR_HEADERS_TIMEOUT",
  "UND_ERR_BODY_TIMEOUT",
  "ENETUNREACH",
  "EHOSTUNREACH",
])("takes %s for a failed connection, also as the cause of another error", (code) => {
  expect(isConnectionError(errorWith(code))).toBe(true);
  const wrapped = new TypeError("fetch failed", { cause: new Error("inner", { cause: errorWith(code) }) });
  expect(isConnectionError(wrapped)).toBe(true);
  expect(isConnectionError(new AggregateError([errorWith("EACCES"), errorWith(code)]))).toBe(true);
});

test.each([
  undefined,
  null,
  "ECONNREFUSED",
  new Error("ECONNREFUSED"),
  errorWith("ERR_TLS_CERT_ALTNAME_INVALID"),
  errorWith("HPE_INVALID_CONSTANT"),
  new TypeError("fetch failed"), // what went wrong is in its cause
  new Error("Failed to fetch"),
])("does not take %p for one", (error) => {
  expect(isConnectionError(error)).toBe(false);
});

test.each(["Failed to fetch", "Load failed", "NetworkError when attempting to fetch resource."])(
  "knows the TypeError of a browser that says %j",
  (message) => {
    expect(isConnectionError(new TypeError(message))).toBe(true);
  },
);

test("comes to an end with causes in a circle", () => {
  const error = new Error("a");
  error.cause = new Error("b", { cause: error });
  expect(isConnectionError(error)).toBe(false);
});

test("knows an error of another realm", () => {
  expect(isConnectionError(runInNewContext(`Object.assign(new Error("x"), { code: "ECONNRESET" })`))).toBe(
    true,
  );
});

test("knows what Node says about a port where nobody listens", async () => {
  const error = await new Promise((resolve) => {
    connect({ host: "127.0.0.1", port: 1 }).once("error", resolve);
  });
  expect(isConnectionError(error)).toBe(true);
});
