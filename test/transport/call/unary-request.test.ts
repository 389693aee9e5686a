// SPDX-License-Identifier: Apache-2.0
import { create } from "@bufbuild/protobuf";
import { createContextKey, createContextValues, type UnaryRequest } from "@connectrpc/connect";
import { Operations } from "../../../gen/google/longrunning/operations_pb.js";
import { CallAbort } from "../../../src/transport/call/abort.js";
import { LazyUnaryRequest, sentHeadersOf } from "../../../src/transport/call/unary-request.js";

const innermost = () => undefined;
const method = Operations.method.cancelOperation;

/** Our own request, and a copy of it as an interceptor makes one. */
function requests(header?: HeadersInit) {
  const abort = new CallAbort(undefined, undefined);
  const base = {
    method,
    requestMethod: "POST",
    origin: "https://a.example",
    url: () => "https://a.example/x",
    abort,
    contextValues: undefined,
    innermost,
  };
  const message = create(method.input, { name: "operations/1" });
  const own = new LazyUnaryRequest(base, { message, header: header && new Headers(header) });
  const copied = (): UnaryRequest<typeof method.input, typeof method.output> => ({ ...own });
  return { own, copied, abort };
}

describe.each([
  ["our own", (header?: HeadersInit) => requests(header).own],
  ["a copied", (header?: HeadersInit) => requests(header).copied()],
])("%s request: withDefaults", (_, requestWith) => {
  test.each<[string, HeadersInit | undefined, Record<string, string>]>([
    ["none", undefined, { authorization: "Bearer new" }],
    ["others", { "x-a": "1" }, { "x-a": "1", authorization: "Bearer new" }],
    ["the same", { authorization: "Bearer old" }, { authorization: "Bearer old" }],
  ])("beside %s", (_name, header, want) => {
    const request = requestWith(header);
    const before = header === undefined ? {} : Object.fromEntries(new Headers(header));
    const more = LazyUnaryRequest.withDefaults(request, [["authorization", "Bearer new"]]);
    expect(Object.fromEntries(sentHeadersOf(LazyUnaryRequest.sentOf(more)))).toEqual(want);
    expect(Object.fromEntries(more.header)).toEqual(want);
    expect(Object.fromEntries({ ...more }.header)).toEqual(want);
    // The one that it was made from stays as it is, whatever is done to the new one.
    more.header.set("x-late", "1");
    expect(Object.fromEntries(request.header)).toEqual(before);
  });

  test("twice", () => {
    const once = LazyUnaryRequest.withDefaults(requestWith(), [["x-a", "1"]]);
    const twice = LazyUnaryRequest.withDefaults(once, [
      ["x-a", "2"],
      ["x-b", "2"],
    ]);
    expect(Object.fromEntries(twice.header)).toEqual({ "x-a": "1", "x-b": "2" });
    expect(Object.fromEntries(once.header)).toEqual({ "x-a": "1" });
  });

  test("shares signal, context values and message with the request that it was made from", () => {
    const request = requestWith();
    const more = LazyUnaryRequest.withDefaults(request, [["x-a", "1"]]);
    const key = createContextKey("none");
    more.contextValues.set(key, "set");
    expect(request.contextValues.get(key)).toBe("set");
    expect(more.signal).toBe(request.signal);
    expect(more.message).toBe(request.message);
    expect(Object.keys(more).sort()).toEqual(Object.keys(request).sort());
  });
});

test.each<[string, HeadersInit | undefined]>([
  ["none", undefined],
  ["others", { "x-a": "1" }],
  ["the same", { authorization: "Bearer old" }],
])(
  "what the innermost gets, beside headers of the call (%s), sends the same as what an interceptor gets",
  (_, header) => {
    const { own, abort } = requests(header);
    const seen = LazyUnaryRequest.withDefaults(own, [["authorization", "Bearer new"]], () => undefined);
    const last = LazyUnaryRequest.withDefaults(own, [["authorization", "Bearer new"]], innermost);
    expect(LazyUnaryRequest.sentOf(last)).toEqual(LazyUnaryRequest.sentOf(seen));
    expect(LazyUnaryRequest.abortOf(last)).toBe(abort);
    expect([...LazyUnaryRequest.headersOf(last)]).toEqual([...LazyUnaryRequest.headersOf(seen)]);
    expect([...LazyUnaryRequest.headersOf(seen)]).toEqual([...seen.header]);
    expect([last.stream, last.method, last.message]).toEqual([seen.stream, seen.method, seen.message]);
  },
);

test("hasHeader sees the caller's headers, those added, and those set since, on our own request and on a copy", () => {
  const { own } = requests({ "x-a": "1" });
  const more = LazyUnaryRequest.withDefaults(own, [["x-b", "2"]]);
  const seen = (request: { readonly header: Headers }) =>
    ["x-a", "x-b", "x-c"].map((name) => LazyUnaryRequest.hasHeader(request, name));
  expect(seen(own)).toEqual([true, false, false]);
  expect(seen(more)).toEqual([true, true, false]);
  more.header.set("x-c", "3");
  expect(seen(more)).toEqual([true, true, true]);
  expect(seen({ ...more })).toEqual([true, true, true]);
});

test("nothing is made before it is used, and what is used is made once", () => {
  const { own, abort } = requests();
  const unused = { header: undefined, added: undefined, contextValues: undefined };
  expect(LazyUnaryRequest.sentOf(own)).toEqual({ message: own.message, ...unused });
  expect(LazyUnaryRequest.abortOf(own)).toBe(abort);
  expect(own.header).toBe(own.header);
  expect(own.contextValues).toBe(own.contextValues);
  expect(LazyUnaryRequest.sentOf(own).header).toBe(own.header);
});

test("a copy with another signal, header or context values goes by those", () => {
  const { own } = requests();
  const { signal } = new AbortController();
  const header = new Headers({ "x-a": "1" });
  const contextValues = createContextValues();
  const copy = { ...own, signal, header, contextValues };
  expect(LazyUnaryRequest.sentOf(copy)).toEqual({
    message: own.message,
    header,
    added: undefined,
    contextValues,
  });
  expect(LazyUnaryRequest.abortOf(copy).signal).toBe(signal);
});
