// SPDX-License-Identifier: Apache-2.0
import { timestampFromMs } from "@bufbuild/protobuf/wkt";
import { Binding } from "./gen/library/v1/book_pb.js";
import { Library } from "./gen/library/v1/library_pb.js";
import { Ink, PaperSlips } from "./gen/library/v1/paper_slip_pb.js";
import { type Row, row, UNNAMED } from "./row.js";

const name = "shelves/1/books/2";
const bytes = (...values: number[]) => Uint8Array.of(...values);
const { getBook, deleteBook, findEdition, readPage, quoteFine, peekBook } = Library.method;

/** Rules without a body. */
export const reads: readonly Row[] = [
  row(getBook, "the first binding", { request: { name }, line: `GET /v1/${name}` }),
  row(getBook, "a reserved character in a variable of several segments", {
    request: { name: "shelves/a b:c%2F+ü!'()*/books/~-_." },
    line: "GET /v1/shelves/a%20b%3Ac%252F%2B%C3%BC%21%27%28%29%2A/books/~-_.",
  }),
  row(getBook, "the second binding, whose ** takes many segments", {
    request: { name: "archives/a/b/c", readMask: { paths: ["title", "author.pen_name"] } },
    line: "GET /v1/archives/a/b/c?readMask=title%2Cauthor.penName",
  }),
  row(getBook, "the third binding, by another field, whose slashes are data", {
    request: { isbn: "978/3 16" },
    line: "GET /v1/books/by-isbn/978%2F3%2016",
  }),
  row(getBook, "the third binding, with a name that fits none in the query", {
    request: { isbn: "1", name: "nowhere" },
    line: "GET /v1/books/by-isbn/1?name=nowhere",
  }),
  row(getBook, "the fourth binding, with a verb", {
    request: { name: "boxes/1/books/2" },
    line: "GET /v1/boxes/1/books/2:open",
  }),
  row(deleteBook, "zeros of fields with presence", {
    request: { name, force: false, etag: "", olderThan: timestampFromMs(0) },
    line: `DELETE /v1/${name}?etag=&olderThan=1970-01-01T00%3A00%3A00Z`,
  }),
  row(deleteBook, "a query", {
    request: { name, force: true, etag: "\u0000 &=+#?/ä", olderThan: { seconds: -1n, nanos: 1 } },
    line: `DELETE /v1/${name}?force=true&etag=%00%20%26%3D%2B%23%3F%2F%C3%A4&olderThan=1969-12-31T23%3A59%3A59.000000001Z`,
  }),
  row(findEdition, "variables of every kind below a message", {
    request: {
      edition: {
        year: -44,
        binding: Binding.CLOTH,
        serial: 2n ** 64n - 1n,
        seal: bytes(251, 255, 0),
        signed: true,
      },
      language: "de/at",
    },
    line: "GET /v1/editions/-44/CLOTH/18446744073709551615/-_8A/true/de%2Fat",
  }),
  row(findEdition, "zeros without presence in the path", {
    request: { edition: { seal: bytes(1) }, language: "x" },
    line: "GET /v1/editions/0/BINDING_UNSPECIFIED/0/AQ%3D%3D/false/x",
  }),
  row(findEdition, "a number without a name in the path", {
    request: { edition: { binding: UNNAMED, seal: bytes(1) }, language: "x" },
    line: "GET /v1/editions/0/99/0/AQ%3D%3D/false/x",
  }),
  row(findEdition, "an optional field that is unset goes on to the next binding, and the rest to the query", {
    request: { edition: { year: 1, serial: 2n, binding: Binding.PAPERBACK, signed: true } },
    line: "GET /v1/editions/1/2?edition.binding=PAPERBACK&edition.signed=true",
  }),
  row(readPage, "a literal behind **", {
    request: { path: "folders/a/b", page: 7 },
    line: "GET /v1/folders/a/b/pages/7",
  }),
  row(readPage, "** and its literal twice", {
    request: { path: "folders/pages/1/pages/2", page: 3 },
    line: "GET /v1/folders/pages/1/pages/2/pages/3",
  }),
  row(readPage, "** in front, taking nothing", {
    request: { path: "drawers/1", page: 2 },
    line: "GET /v1/drawers/1:leaf?page=2",
  }),
  row(readPage, "** in front, taking much", {
    request: { path: "a/b/drawers/c/drawers/1" },
    line: "GET /v1/a/b/drawers/c/drawers/1:leaf",
  }),
  row(readPage, "** between", {
    request: { path: "rooms/walls/1/walls/2" },
    line: "GET /v1/rooms/walls/1/walls/2",
  }),
  row(peekBook, "HEAD", {
    request: { name, isbn: "1" },
    line: `HEAD /v1/${name}:peek?isbn=1`,
  }),
  row(quoteFine, "zeros that are required", {
    request: { member: "members/1" },
    line: "GET /v1/members/1/fine?days=0&binding=BINDING_UNSPECIFIED&lost=false&reason=",
  }),
  row(quoteFine, "all of it", {
    request: { member: "members/1", days: 1, binding: 2, lost: true, reason: "r", rate: 0, discount: 3 },
    line: "GET /v1/members/1/fine?days=1&binding=PAPERBACK&lost=true&reason=r&rate=0&discount=3",
  }),
  row(PaperSlips.method.findSlip, "a message of edition 2023, its defaults unsaid", {
    request: { name: "slips/1", ink: Ink.BLUE },
    line: "GET /v1/slips/1/BLUE",
  }),
  row(PaperSlips.method.findSlip, "a message of edition 2023, zeros with presence said", {
    request: {
      name: "slips/1",
      ink: Ink.BLACK,
      days: 0,
      returned: false,
      stamp: { number: 0n },
      fines: [0, 1],
    },
    line: "GET /v1/slips/1/BLACK?days=0&stamp.number=0&fines=0&fines=1&returned=false",
  }),
];
