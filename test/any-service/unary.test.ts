// SPDX-License-Identifier: Apache-2.0
import { Code, createClient } from "@connectrpc/connect";
import { createRestTransport } from "../../src/index.js";
import { Library } from "./gen/library/v1/library_pb.js";
import { PaperSlips } from "./gen/library/v1/paper_slip_pb.js";
import { FAIL } from "./library-server.js";
import { answers, fields, raws, wholes } from "./requests-with-body.js";
import { searches } from "./requests-with-query.js";
import { reads } from "./requests-without-body.js";
import type { Row } from "./row.js";
import { outcomeOf, startThreeWays, type ThreeWays } from "./three-ways.js";

const rows: readonly Row[] = [...reads, ...searches, ...fields, ...wholes, ...raws, ...answers];

let ways: ThreeWays;
beforeAll(async () => {
  ways = await startThreeWays();
});
afterAll(async () => {
  await ways[Symbol.asyncDispose]();
});

test("there is a row for every unary method", () => {
  const methods = [...Library.methods, ...PaperSlips.methods].filter(
    ({ methodKind }) => methodKind === "unary",
  );
  expect(new Set(rows.map(({ method }) => method))).toEqual(new Set(methods));
});

test.each(rows)("$what", async ({ method, request, line, body }) => {
  const { rest, grpc, inProcess, emulator } = ways;
  const want = await outcomeOf(inProcess, method, request);
  expect(want).toMatchObject({ seen: [request], answers: [{ $typeName: method.output.typeName }] });
  expect(await outcomeOf(grpc, method, request)).toEqual(want);
  expect(await outcomeOf(rest, method, request)).toEqual(want);
  expect(emulator.calls.at(-1)?.requestLine).toBe(`${line} HTTP/1.1`);
  if (body !== undefined) expect(bodyOf(method, request)).toEqual(body);
});

function rowAt(list: readonly Row[], index: number): Row {
  const found = list[index];
  if (found === undefined) throw new Error(`there is no row ${index}`);
  return found;
}

function bodyOf(method: Row["method"], request: Row["request"]): unknown {
  const { body } = ways.rest.transport.describe(method, request);
  return typeof body === "string" ? JSON.parse(body) : body;
}

/** One row for each method. Those of HEAD are told of below. */
const oneEach = rows.filter(
  ({ method, line }, index) =>
    rows.findIndex((row) => row.method === method) === index && !line.startsWith("HEAD "),
);

test.each(oneEach)("the failure of $method.name", async ({ method, request }) => {
  const { rest, grpc, inProcess } = ways;
  const headers = { [FAIL]: String(Code.FailedPrecondition) };
  const want = await outcomeOf(inProcess, method, request, { headers });
  expect(want).toMatchObject({ answers: [], error: { code: "FAILED_PRECONDITION", details: [{}, {}] } });
  expect(await outcomeOf(grpc, method, request, { headers })).toEqual(want);
  expect(await outcomeOf(rest, method, request, { headers })).toEqual(want);
});

const codes = Object.values(Code).filter((code) => typeof code === "number");

test.each(codes.map((code) => [Code[code], code] as const))("a failure with %s", async (_, code) => {
  const { rest, grpc, inProcess } = ways;
  const { method, request } = rowAt(oneEach, 0);
  const headers = { [FAIL]: String(code) };
  const want = await outcomeOf(inProcess, method, request, { headers });
  expect(await outcomeOf(grpc, method, request, { headers })).toEqual(want);
  expect(await outcomeOf(rest, method, request, { headers })).toEqual(want);
});

test("a failure of HEAD has no body, so only its HTTP status tells what it was", async () => {
  const { rest, inProcess } = ways;
  const request = { name: "shelves/1/books/2" };
  const headers = { [FAIL]: String(Code.NotFound) };
  const want = await outcomeOf(inProcess, Library.method.peekBook, request, { headers });
  expect(await outcomeOf(rest, Library.method.peekBook, request, { headers })).toMatchObject({
    seen: want.seen,
    error: { code: "NOT_FOUND", message: expect.stringContaining("HTTP 404 HEAD"), details: [] },
  });
});

test("a generated client sees no difference either", async () => {
  for (const { transport } of [ways.rest, ways.grpc, ways.inProcess]) {
    const library = createClient(Library, transport);
    const book = await library.updateBook({
      book: { name: "shelves/1/books/2" },
      updateMask: { paths: ["title"] },
    });
    expect(book).toMatchObject({ name: "shelves/1/books/2", tags: ["title"] });
    const numbers: number[] = [];
    for await (const loan of library.followLoans({ parent: "shelves/1", count: 2 }))
      numbers.push(loan.number);
    expect(numbers).toEqual([1, 2]);
  }
});

test("enums may be numbers in answers, which says the same", async () => {
  const { emulator, rest } = ways;
  const { method, request } = rowAt(searches, 1);
  const transport = createRestTransport({
    baseUrl: emulator.baseUrl,
    systemParameters: { enumEncoding: "int" },
  });
  const want = await outcomeOf(rest, method, request);
  expect(await outcomeOf({ ...rest, transport }, method, request)).toEqual(want);
  expect(emulator.calls.at(-1)?.requestLine).toContain("&$alt=json%3Benum-encoding%3Dint HTTP");
  await transport.close();
});
