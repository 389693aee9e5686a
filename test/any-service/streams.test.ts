// SPDX-License-Identifier: Apache-2.0
import { create, type MessageInitShape } from "@bufbuild/protobuf";
import { Code } from "@connectrpc/connect";
import { type HttpBody, HttpBodySchema } from "../../gen/google/api/httpbody_pb.js";
import { type FollowRequest, type FollowRequestSchema, Library } from "./gen/library/v1/library_pb.js";
import { FAIL } from "./library-server.js";
import { once, outcomeOf, startThreeWays, type ThreeWays } from "./three-ways.js";

const { followLoans, importBooks, followTitles, downloadFile, returnBooks } = Library.method;

let ways: ThreeWays;
beforeAll(async () => {
  ways = await startThreeWays();
});
afterAll(async () => {
  await ways[Symbol.asyncDispose]();
});

const parent = "shelves/1";
const HUNDREDS = process.env.LONG === "1" ? 600 : 200;
const methods = [followLoans, importBooks, followTitles];
const cases: [string, Partial<Pick<FollowRequest, "count" | "code" | "titles">>, number][] = [
  ["no message", {}, 0],
  ["one message", { count: 1 }, 1],
  ["some messages", { count: 3, titles: ["ä😀", "\u0000\u2028", '"]}\\'] }, 3],
  ["hundreds of messages", { count: HUNDREDS }, HUNDREDS],
  ["an error before the first message", { code: Code.NotFound }, 0],
  ["an error after the first message", { count: 1, code: Code.DataLoss }, 1],
  ["an error after many messages", { count: 200, code: Code.ResourceExhausted }, 200],
];

describe.each(methods)("$name", (method) => {
  test.each(cases)("a stream of %s", async (_, init, count) => {
    const { rest, grpc, inProcess } = ways;
    const request = { parent, ...init };
    const want = await outcomeOf(inProcess, method, request);
    expect(want.seen).toMatchObject([request]);
    expect(want.answers).toHaveLength(count);
    expect(want.error !== undefined).toBe(init.code !== undefined);
    expect(await outcomeOf(grpc, method, request)).toEqual(want);
    expect(await outcomeOf(rest, method, request)).toEqual(want);
  });

  test("a refusal before the stream has begun", async () => {
    const { rest, grpc, inProcess } = ways;
    const headers = { [FAIL]: String(Code.PermissionDenied) };
    const want = await outcomeOf(inProcess, method, { parent }, { headers });
    expect(want.error).toMatchObject({ code: "PERMISSION_DENIED" });
    expect(await outcomeOf(grpc, method, { parent }, { headers })).toEqual(want);
    expect(await outcomeOf(rest, method, { parent }, { headers })).toEqual(want);
  });

  test.each(["rest", "grpc"] as const)(
    "a caller who leaves after the first message, over %s",
    async (way) => {
      const leave = new AbortController();
      const gone = ways[way].server.callerGone();
      const outcome = await outcomeOf(
        ways[way],
        method,
        { parent, count: 1, hold: true },
        { signal: leave.signal, onAnswer: () => leave.abort() },
      );
      await gone;
      expect(outcome.answers).toHaveLength(1);
      expect(outcome.error).toEqual({
        name: "ConnectError",
        code: "CANCELLED",
        reason: "aborted-by-caller",
        message: expect.stringContaining("the caller aborted the call"),
        method: `library.v1.Library.${method.name}`,
        attempts: 1,
        requestSent: true,
        details: [],
      });
    },
  );
});

test.each(["rest", "grpc"] as const)(
  "a reader who stops after the first message ends the call, over %s",
  async (way) => {
    const { transport, server } = ways[way];
    const gone = server.callerGone();
    const numbers: number[] = [];
    const request = { parent, count: 3, hold: true };
    const { message } = await transport.stream(followLoans, undefined, undefined, undefined, once(request));
    for await (const { number } of message) {
      numbers.push(number);
      break;
    }
    await gone;
    expect(numbers).toEqual([1]);
  },
);

test("a stream with a body and one without are told apart on the wire", async () => {
  const { rest, emulator } = ways;
  await outcomeOf(rest, followLoans, { parent, count: 1, titles: ["a", "b"] });
  expect(emulator.calls.at(-1)?.requestLine).toBe(
    "GET /v1/shelves/1/loans:follow?count=1&titles=a&titles=b HTTP/1.1",
  );
  await outcomeOf(rest, importBooks, { parent, count: 1, titles: ["a", "b"] });
  expect(emulator.calls.at(-1)?.requestLine).toBe("POST /v1/shelves/1/books:import HTTP/1.1");
});

/** The bytes of all pieces in one, whichever pieces they came in. */
async function fileOver(way: "rest" | "grpc", request: MessageInitShape<typeof FollowRequestSchema>) {
  const { answers, error } = await outcomeOf(ways[way], downloadFile, request);
  const pieces = answers.map((answer) => create(HttpBodySchema, answer as HttpBody).data); // what the method answers with
  return { error: error?.code, file: Buffer.concat(pieces).toString("hex") };
}

test.each([
  ["three pieces", { count: 3 }, { error: undefined, file: "000100020003" }],
  ["no pieces", {}, { error: undefined, file: "" }],
  ["a refusal", { code: Code.NotFound }, { error: "NOT_FOUND", file: "" }],
])("a stream of files is one file over REST: %s", async (_, request, want) => {
  expect(await fileOver("grpc", { parent, ...request })).toEqual(want);
  expect(await fileOver("rest", { parent, ...request })).toEqual(want);
});

test("a file that breaks off over REST is a broken connection, for bytes cannot say what happened", async () => {
  const request = { parent, count: 1, code: Code.DataLoss };
  expect(await fileOver("grpc", request)).toEqual({ error: "DATA_LOSS", file: "0001" });
  expect(await fileOver("rest", request)).toMatchObject({ error: "UNAVAILABLE" });
});

test("a stream of requests is for gRPC alone", async () => {
  const { calls } = ways.emulator;
  const before = calls.length;
  await expect(
    ways.rest.transport.stream(returnBooks, undefined, undefined, undefined, once({ parent })),
  ).rejects.toMatchObject({ code: Code.Unimplemented, requestSent: false });
  expect(calls).toHaveLength(before);
});
