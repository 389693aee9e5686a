// SPDX-License-Identifier: Apache-2.0
import { inspect } from "node:util";
import { Code, ConnectError } from "@connectrpc/connect";
import { CallError, toCallError } from "../../src/errors/call-error.js";
import { isCallError } from "../../src/errors/is-call-error.js";

function callError(message = "nope"): CallError {
  return new CallError({
    code: Code.NotFound,
    message,
    method: "google.longrunning.Operations.GetOperation",
    operationName: "operations/1",
    requestSent: true,
  });
}

test.each(["nope", "", "two\n    at lines", "Error: x"])(
  "has one name for %j, wherever it is read",
  (text) => {
    const error = callError(text);
    expect(error.name).toBe("ConnectError");
    expect(String(error).startsWith(`${error.name}: [not_found] GetOperation "operations/1": `)).toBe(true);
    expect(error.stack?.startsWith(String(error))).toBe(true);
    expect(inspect(error).startsWith(`${String(error)}\n    at `)).toBe(true);
    expect(error.toJSON().name).toBe(error.name);
    expect(error.constructor.name).toBe("CallError");
  },
);

test("is what Connect takes for its own", () => {
  const error = callError();
  expect(error).toBeInstanceOf(ConnectError);
  expect(ConnectError.from(error)).toBe(error);
  expect(error).toBeInstanceOf(CallError);
  expect(error).toBeInstanceOf(Error);
});

test("is told from others, and so are classes derived from it", () => {
  class Derived extends CallError {}
  const derived = new Derived({ code: Code.Unknown, message: "m", requestSent: false });
  expect(derived).toBeInstanceOf(Derived);
  expect(derived).toBeInstanceOf(CallError);
  expect(callError()).not.toBeInstanceOf(Derived);
  for (const other of [new ConnectError("m"), new Error("m"), {}, null, "text", undefined]) {
    expect(isCallError(other)).toBe(false);
    expect(other instanceof CallError).toBe(false);
  }
});

test("rawMessage is the server's text, and message says what to do as well", () => {
  const error = callError();
  expect(error.rawMessage).toBe("nope");
  expect(error.message).toMatch(/^\[not_found\] GetOperation "operations\/1": nope \(check the name/);
  expect(toCallError(error, { attempts: 3 }).rawMessage).toBe("nope");
  expect(toCallError(new ConnectError("said", Code.Internal)).rawMessage).toBe("said");
});

test("isCallError is false for a proxy that throws, or was revoked", () => {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  const throwing = new Proxy({}, { has: () => Reflect.get(proxy, "x") });
  expect([isCallError(proxy), isCallError(throwing)]).toEqual([false, false]);
});

test("isCallError loads nothing but the mark", async () => {
  const { readFile } = await import("node:fs/promises");
  const importsOf = async (file: string) =>
    (await readFile(`${__dirname}/../../src/errors/${file}`, "utf8")).match(/^import (?!type).*$/gm) ?? [];
  expect(await importsOf("is-call-error.ts")).toEqual([
    'import { hasCallErrorBrand } from "./call-error-brand.js";',
  ]);
  expect(await importsOf("call-error-brand.ts")).toEqual([]);
});
