// SPDX-License-Identifier: Apache-2.0
import type { Interceptor } from "@connectrpc/connect";
import { createOperationsClient, createRestTransport, type OperationsClient } from "../../src/index.js";
import { createFakeClock } from "../../src/testing.js";

/** A client over REST with an interceptor, or a `fetch`, that a program has got wrong. */
function setUp(options: { interceptor?: unknown; fetch?: unknown }): OperationsClient {
  const { interceptor, fetch = async () => Response.json({ name: "operations/1" }) } = options;
  return createOperationsClient({
    transport: createRestTransport({
      baseUrl: "https://operations.example",
      fetch: fetch as typeof globalThis.fetch,
      interceptors: interceptor === undefined ? [] : [interceptor as Interceptor],
    }),
    clock: createFakeClock(),
  });
}

describe("an interceptor that does not return the response", () => {
  test.each<[kind: string, interceptor: unknown]>([
    ["nothing", (next: Interceptor) => async (request: never) => void (await next(request))],
    [
      "a response without its message",
      (next: (request: unknown) => Promise<object>) => async (request: unknown) => ({
        ...(await next(request)),
        message: undefined,
      }),
    ],
    [
      "a message of another type",
      (next: (request: unknown) => Promise<object>) => async (request: unknown) => ({
        ...(await next(request)),
        message: { $typeName: "google.protobuf.Empty" },
      }),
    ],
    [
      "the message alone",
      (next: (request: unknown) => Promise<{ message: object }>) => async (request: unknown) =>
        (await next(request)).message,
    ],
  ])("is an error that says so: %s", async (_, interceptor) => {
    const client = setUp({ interceptor });
    const expected = {
      reason: "internal",
      rawMessage:
        "the transport returned no google.longrunning.Operation (expected the response of next(), from an interceptor too)",
    };
    await expect(client.getOperation("operations/1")).rejects.toMatchObject(expected);
  });
});

describe("a fetch that returns no Response", () => {
  test.each<[kind: string, response: unknown]>([
    ["nothing, as a mock does", undefined],
    ["null", null],
    ["an object with json() alone", { ok: true, status: 200, json: async () => ({ name: "operations/1" }) }],
    ["text", "{}"],
  ])("is an error that says so, and no lost connection: %s", async (_, response) => {
    let calls = 0;
    const fetch = async () => {
      calls += 1;
      return response;
    };
    await expect(setUp({ fetch }).getOperation("operations/1")).rejects.toMatchObject({
      reason: "internal",
      rawMessage: "fetch returned no Response",
    });
    expect(calls).toBe(1);
  });
});

test.each(["onHeader", "onTrailer"])("an async %s that rejects is the call's error", async (option) => {
  const options = {
    [option]: async () => {
      throw new RangeError("from the callback");
    },
  };
  await expect(setUp({}).getOperation("operations/1", options)).rejects.toThrow(
    new RangeError("from the callback"),
  );
});
