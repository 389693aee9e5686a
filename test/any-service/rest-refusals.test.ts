// SPDX-License-Identifier: Apache-2.0
import { type Emulator, startEmulator } from "../../src/emulator.js";
import { rawRequest } from "../emulator/raw-request.js";
import { Library } from "./gen/library/v1/library_pb.js";
import { PaperSlips } from "./gen/library/v1/paper_slip_pb.js";
import { createLibraryServer, FAIL } from "./library-server.js";

let emulator: Emulator;
beforeAll(async () => {
  emulator = await startEmulator();
  const server = createLibraryServer();
  emulator.serve(Library, server.library);
  emulator.serve(PaperSlips, server.slips);
});
afterAll(() => emulator.close());

interface Request {
  readonly line: string;
  readonly body?: string;
  readonly type?: string;
  readonly headers?: readonly string[];
}

async function send({ line, body = "", type = "application/json", headers = [] }: Request) {
  const entity = body === "" ? [] : [`content-type: ${type}`, `content-length: ${Buffer.byteLength(body)}`];
  const answer = await rawRequest(emulator.port, [`${line} HTTP/1.1`, ...headers, ...entity], body);
  return { ...answer, json: answer.body === "" ? undefined : JSON.parse(answer.body) };
}

const book = "/v1/shelves/1/books/2";
const card = (body: string) => ({ line: "POST /v1/cards/1", body });
const search = (query: string) => ({ line: `GET /v1/books:search?${query}` });

/** What is wrong, the request, the HTTP status, the name of the code, and what the message says. */
const refusals: [string, Request, number, string, string][] = [
  ["a body that is not JSON", card("{"), 400, "INVALID_ARGUMENT", "not JSON"],
  ["a list for a message", card("[]"), 400, "INVALID_ARGUMENT", "library.v1.Card"],
  ["a string for a message", card('"card"'), 400, "INVALID_ARGUMENT", "library.v1.Card"],
  ["an unknown field", card('{"colour":1}'), 400, "INVALID_ARGUMENT", "colour"],
  ["an unknown field below", card('{"contents":{"next":{"colour":1}}}'), 400, "INVALID_ARGUMENT", "colour"],
  ["a field of the wrong type", card('{"drawer":"one"}'), 400, "INVALID_ARGUMENT", "drawer"],
  ["a number out of range", card('{"drawer":2147483648}'), 400, "INVALID_ARGUMENT", "drawer"],
  ["a fraction for an integer", card('{"box":1.5}'), 400, "INVALID_ARGUMENT", "box"],
  [
    "a name that the enum does not have",
    card('{"bindings":{"1":"GLUED"}}'),
    400,
    "INVALID_ARGUMENT",
    "library.v1.Binding",
  ],
  ["a map key that is no integer", card('{"bindings":{"one":1}}'), 400, "INVALID_ARGUMENT", "bindings"],
  ["two members of a oneof", card('{"shelf":"s","box":1}'), 400, "INVALID_ARGUMENT", "place"],
  ["bytes that are not base64", card('{"scans":["*"]}'), 400, "INVALID_ARGUMENT", "scans"],
  ["a duration that is none", card('{"loan":"long"}'), 400, "INVALID_ARGUMENT", "Duration"],
  ["an Any of an unknown type", card('{"proof":{"@type":"x/a.B"}}'), 400, "INVALID_ARGUMENT", "a.B"],
  ["an Any without a type", card('{"proof":{"title":"T"}}'), 400, "INVALID_ARGUMENT", "@type"],
  ["a message for a list", { line: `POST ${book}:tag`, body: "{}" }, 400, "INVALID_ARGUMENT", "tags"],
  ["a list of the wrong type", { line: `POST ${book}:tag`, body: "[1]" }, 400, "INVALID_ARGUMENT", "tags"],
  ["a list for a map", { line: `PUT ${book}/labels`, body: "[]" }, 400, "INVALID_ARGUMENT", "labels"],
  [
    "an enum's unknown name",
    { line: `PUT ${book}/binding`, body: '"GLUED"' },
    400,
    "INVALID_ARGUMENT",
    "library.v1.Binding",
  ],
  ["an integer that is none", { line: `PUT ${book}/copies`, body: '"x"' }, 400, "INVALID_ARGUMENT", "copies"],
  [
    "a body where there is none",
    { line: `GET ${book}`, body: '{"isbn":"1"}' },
    400,
    "INVALID_ARGUMENT",
    "expected none",
  ],
  ["an unknown parameter", search("colour=red"), 400, "INVALID_ARGUMENT", '"colour"'],
  ["an unknown parameter below", search("author.colour=red"), 400, "INVALID_ARGUMENT", '"author.colour"'],
  [
    "a parameter of a field in the body",
    { line: `PATCH ${book}?book.title=T`, body: "{}" },
    400,
    "INVALID_ARGUMENT",
    '"book.title"',
  ],
  [
    "any parameter where all is in the body",
    { ...card("{}"), line: "POST /v1/cards/1?case=k" },
    400,
    "INVALID_ARGUMENT",
    '"case"',
  ],
  [
    "an int32 that is none",
    search("shelfNumber=1.0"),
    400,
    "INVALID_ARGUMENT",
    '"shelfNumber" is not an int32',
  ],
  ["an int32 out of range", search("shelfNumber=2147483648"), 400, "INVALID_ARGUMENT", "an int32"],
  ["a negative uint32", search("pageSize=-1"), 400, "INVALID_ARGUMENT", "a uint32"],
  ["a uint64 out of range", search("serial=18446744073709551616"), 400, "INVALID_ARGUMENT", "a uint64"],
  ["a bool that is none", search("lent=1"), 400, "INVALID_ARGUMENT", "true or false"],
  ["a float out of range", search("weight=1e39"), 400, "INVALID_ARGUMENT", "a float"],
  ["a name of no enum value", search("binding=GLUED"), 400, "INVALID_ARGUMENT", "the enum Binding"],
  ["bytes that are not base64", search("seal=*"), 400, "INVALID_ARGUMENT", "base64"],
  ["a time that is none", search("since=yesterday"), 400, "INVALID_ARGUMENT", "timestamp"],
  ["a duration that is none", search("longestLoan=1h"), 400, "INVALID_ARGUMENT", "duration"],
  ["a message by itself", search("author=A"), 400, "INVALID_ARGUMENT", '"author"'],
  ["a map", search("labels.a=b"), 400, "INVALID_ARGUMENT", '"labels.a"'],
  ["a list of messages", search("authors.name=A"), 400, "INVALID_ARGUMENT", '"authors.name"'],
  ["a parameter that is given twice", search("text=a&text=b"), 400, "INVALID_ARGUMENT", "given twice"],
  ["two members of a oneof in the query", search("room=a&floorNumber=1"), 400, "INVALID_ARGUMENT", "place"],
  ["a parameter that is not UTF-8", search("text=%ff"), 400, "INVALID_ARGUMENT", "UTF-8"],
  [
    "a path variable of the wrong type",
    { line: "GET /v1/editions/x/1" },
    400,
    "INVALID_ARGUMENT",
    "edition.year",
  ],
  ["a path variable of no enum value", { line: "GET /v1/slips/1/RED" }, 400, "INVALID_ARGUMENT", "ink"],
  ["a body of another type", { ...card("{}"), type: "text/plain" }, 415, "INVALID_ARGUMENT", "Content-Type"],
  ["an unknown path", { line: "GET /v1/shelves/1/books/2/3" }, 404, "NOT_FOUND", "nothing is served at"],
  [
    "an unknown verb behind a colon",
    { line: "POST /v1/books:burn" },
    404,
    "NOT_FOUND",
    "nothing is served at",
  ],
  [
    "what the service fails with",
    { line: `GET ${book}`, headers: [`${FAIL}: 9`] },
    400,
    "FAILED_PRECONDITION",
    "Not today",
  ],
  [
    "what the service does not have",
    { line: "POST /v1/returns", body: "{}" },
    501,
    "UNIMPLEMENTED",
    "streams of requests",
  ],
];

test.each(refusals)("refuses %s as AIP-193 has it", async (_, request, status, name, says) => {
  const answer = await send(request);
  expect(answer).toMatchObject({
    status,
    headers: { "content-type": "application/json; charset=UTF-8" },
    json: { error: { code: status, status: name, message: expect.stringContaining(says) } },
  });
});

test.each([
  [`POST ${book}`, "GET, PATCH, PUT, DELETE, LOCK"],
  [`DELETE ${book}:tag`, "POST"],
  [`GET ${book}:peek`, "HEAD"],
  ["PUT /v1/books:search", "GET"],
])("refuses %s by its HTTP method, and says which there are", async (line, allow) => {
  const answer = await send({ line });
  expect(answer).toMatchObject({ status: 405, json: { error: { code: 405, status: "UNIMPLEMENTED" } } });
  expect(answer.headers.allow?.split(", ").sort()).toEqual(allow.split(", ").sort());
});

test("answers a failed HEAD with its status and without a body", async () => {
  const answer = await send({ line: `HEAD ${book}:peek`, headers: [`${FAIL}: 5`] });
  expect(answer).toMatchObject({ status: 404, body: "" });
});

test.each(["GET", "POST", "PROPFIND"])("takes %s where a rule leaves the HTTP method open", async (verb) => {
  const answer = await send({ line: `${verb} /v1/any/a/b` });
  expect(answer).toMatchObject({ status: 200, json: { name: "a/b" } });
});

/** What other clients send, and what of it the service sees. */
const tolerated: [string, Request, object][] = [
  [
    "names of proto fields in the query",
    search("page_size=3&author.pen_name=P"),
    { pageSize: 3, author: { penName: "P" } },
  ],
  ["numbers for enums", search("binding=7"), { binding: "CLOTH" }],
  ["bytes in the other alphabet, unpadded", search("seal=%2B_8"), { seal: "+/8=" }],
  ["+ for a space", search("text=a+b"), { text: "a b" }],
  ["system parameters", search("text=a&key=K&$prettyPrint=0&alt=json&fields=name"), { text: "a" }],
];

test.each(tolerated)("takes %s", async (_, request, seen) => {
  expect(await send(request)).toMatchObject({ status: 200, json: { request: seen } });
});

test("takes a value of the path over the body's, and over the query's", async () => {
  const answer = await send({
    line: `PATCH ${book}?book.name=shelves/9/books/9`,
    body: '{"name":"shelves/8/books/8","title":"T"}',
  });
  expect(answer).toMatchObject({ status: 200, json: { name: "shelves/1/books/2", title: "T" } });
});

test("takes names of proto fields in a body, and null for what is not set", async () => {
  const body = '{"to_string":"t","by_year":null,"contents":null,"@odd-Name":"o","lent_to":null}';
  expect(await send(card(body))).toMatchObject({ status: 200, json: { toString: "t", "@odd-Name": "o" } });
});

test("takes an absent body for an empty one", async () => {
  expect(await send({ line: "POST /v1/cards/1" })).toMatchObject({ status: 200, json: { name: "cards/1" } });
});
