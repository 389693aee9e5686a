// SPDX-License-Identifier: Apache-2.0
import { create } from "@bufbuild/protobuf";
import {
  anyPack,
  durationFromMs,
  NullValue,
  StringValueSchema,
  timestampFromMs,
} from "@bufbuild/protobuf/wkt";
import { Binding, BookSchema, CardSchema, ChapterSchema } from "./gen/library/v1/book_pb.js";
import { Library } from "./gen/library/v1/library_pb.js";
import { Ink, PaperSlips } from "./gen/library/v1/paper_slip_pb.js";
import { type Row, row, UNNAMED } from "./row.js";

const { createBook, updateBook, replaceBook, moveBook, lockBook, rebindBooks } = Library.method;
const { tagBook, labelBook, bindBook, coverBook, countCopies, remarkBook, divideBook } = Library.method;
const { fileCard, copyCard, storeFile, fetchFile, convertFile } = Library.method;
const name = "shelves/1/books/2";
const bytes = (...values: number[]) => Uint8Array.of(...values);

/** One field as the body. */
export const fields: readonly Row[] = [
  row(createBook, "a message, the rest in the query", {
    request: {
      parent: "shelves/1",
      bookId: "b 2",
      validateOnly: false,
      book: { title: "T", author: { name: "A", born: 1n }, labels: { x: "y" }, rating: 0, cover: bytes(255) },
    },
    line: "POST /v1/shelves/1/books?bookId=b%202&validateOnly=false",
    body: { title: "T", author: { name: "A", born: "1" }, labels: { x: "y" }, rating: 0, cover: "/w==" },
  }),
  row(createBook, "a message that is empty", {
    request: { parent: "shelves/1", book: {} },
    line: "POST /v1/shelves/1/books",
    body: {},
  }),
  row(updateBook, "a message without its field of the path, the mask in the query", {
    request: {
      book: { name, title: "", author: { penName: "" } },
      updateMask: { paths: ["title", "author.pen_name"] },
      allowMissing: true,
    },
    line: `PATCH /v1/${name}?updateMask=title%2Cauthor.penName&allowMissing=true`,
    body: { author: { penName: "" } },
  }),
  row(updateBook, "a message with nothing but its field of the path", {
    request: { book: { name } },
    line: `PATCH /v1/${name}`,
    body: {},
  }),
  row(tagBook, "a list", {
    request: { name, tags: ["a", ""], copies: 1n },
    line: `POST /v1/${name}:tag?copies=1`,
    body: ["a", ""],
  }),
  row(tagBook, "an empty list", { request: { name }, line: `POST /v1/${name}:tag`, body: [] }),
  row(labelBook, "a map", {
    request: { name, labels: { a: { name: "A" }, "": {} }, tags: ["t"] },
    line: `PUT /v1/${name}/labels?tags=t`,
    body: { a: { name: "A" }, "": {} },
  }),
  row(labelBook, "an empty map", { request: { name }, line: `PUT /v1/${name}/labels`, body: {} }),
  row(bindBook, "an enum", {
    request: { name, binding: Binding.CLOTH, remark: "" },
    line: `PUT /v1/${name}/binding?remark=`,
    body: "CLOTH",
  }),
  row(bindBook, "a number that the enum has no name for", {
    request: { name, binding: UNNAMED },
    line: `PUT /v1/${name}/binding`,
    body: 99,
  }),
  row(bindBook, "an enum's zero", {
    request: { name },
    line: `PUT /v1/${name}/binding`,
    body: "BINDING_UNSPECIFIED",
  }),
  row(coverBook, "bytes", {
    request: { name, cover: bytes(251, 255, 0) },
    line: `PUT /v1/${name}/cover`,
    body: "+/8A",
  }),
  row(coverBook, "no bytes", { request: { name }, line: `PUT /v1/${name}/cover`, body: "" }),
  row(countCopies, "a 64-bit integer", {
    request: { name, copies: -(2n ** 63n), cover: bytes(251) },
    line: `PUT /v1/${name}/copies?cover=-w%3D%3D`,
    body: "-9223372036854775808",
  }),
  row(countCopies, "a 64-bit zero", { request: { name }, line: `PUT /v1/${name}/copies`, body: "0" }),
  row(remarkBook, "a string", {
    request: { name, remark: "“ä😀\u2028\u0000" },
    line: `PUT /v1/${name}/remark`,
    body: "“ä😀\u2028\u0000",
  }),
  row(remarkBook, "a string that is there and empty", {
    request: { name, remark: "" },
    line: `PUT /v1/${name}/remark`,
    body: "",
  }),
  row(remarkBook, "a string that is not there", {
    request: { name },
    line: `PUT /v1/${name}/remark`,
    body: null,
  }),
  row(divideBook, "a list of messages", {
    request: { name, chapters: [{}, { title: "I", next: { pages: 1, next: {} } }] },
    line: `PUT /v1/${name}/chapters`,
    body: [{}, { title: "I", next: { pages: 1, next: {} } }],
  }),
  row(PaperSlips.method.stampSlip, "a group", {
    request: { name: "slips/1", ink: Ink.BLUE, stamp: { place: "P", number: 1n } },
    line: "PUT /v1/slips/1/stamp?ink=BLUE",
    body: { place: "P", number: "1" },
  }),
];

const card = create(CardSchema, {
  name: "cards/1",
  proof: anyPack(BookSchema, create(BookSchema, { title: "T", acquired: timestampFromMs(1) })),
  papers: [
    anyPack(CardSchema, create(CardSchema, { proof: anyPack(StringValueSchema, create(StringValueSchema)) })),
    anyPack(StringValueSchema, create(StringValueSchema, { value: "s" })),
  ],
  byYear: { "1984": anyPack(ChapterSchema, create(ChapterSchema, { pages: 1 })) },
  place: { case: "lentTo", value: { name: "L" } },
  contents: {
    title: "I",
    next: { pages: 2, sections: [{}, { sections: [{ title: "deep" }] }] },
    notes: { n: { notes: { m: {} } } },
  },
  bindings: { "-1": Binding.CLOTH, "9007199254740993": UNNAMED },
  authors: { true: { name: "yes" }, false: {} },
  extra: { a: [null, 1.5, { b: true }], "": {} },
  value: { kind: { case: "nullValue", value: NullValue.NULL_VALUE } },
  list: { values: [{ kind: { case: "stringValue", value: "v" } }] },
  copies: 0n,
  remarks: ["", "r"].map((value) => create(StringValueSchema, { value })),
  loan: durationFromMs(-1500),
  weights: [Number.NaN, 0, 1e300], // no -0, for JSON.stringify makes it 0
  stamps: [0n, 2n ** 64n - 1n],
  drawer: -1,
  balance: -(2n ** 63n),
  scans: [bytes(), bytes(255)],
  behind: { behind: { name: "inner" } },
  constructor$: "c",
  toString$: "t",
  case: "k",
  odd: "o",
  number: "-1",
});

/** The whole request as the body. */
export const wholes: readonly Row[] = [
  row(replaceBook, "a message without the field below it that is in the path", {
    request: { book: { name, tags: ["x"] }, updateMask: { paths: ["tags"] } },
    line: `PUT /v1/${name}`,
    body: { book: { tags: ["x"] }, updateMask: "tags" },
  }),
  row(moveBook, "several variables", {
    request: { name, target: { shelf: "shelves/3", place: 4 }, reason: "r" },
    line: `POST /v1/${name}/to/shelves/3:move`,
    body: { target: { place: 4 }, reason: "r" },
  }),
  row(lockBook, "an HTTP method of its own", {
    request: { name, target: { place: 4 } },
    line: `LOCK /v1/${name}`,
    body: { target: { place: 4 } },
  }),
  row(fileCard, "an empty message", { request: { name: "cards/1" }, line: "POST /v1/cards/1", body: {} }),
  row(fileCard, "whatever a message may hold", { request: card, line: "POST /v1/cards/1" }),
  ...(
    [
      { case: "shelf", value: "" },
      { case: "box", value: 0 },
      { case: "lentTo", value: {} },
      { case: "nowhere", value: NullValue.NULL_VALUE },
      { case: "elsewhere", value: anyPack(ChapterSchema, create(ChapterSchema, { pages: 1 })) },
      { case: "at", value: { value: 0 } },
    ] as const
  ).map((place) =>
    row(fileCard, `the oneof member ${place.case}`, {
      request: { name: "cards/1", place },
      line: "POST /v1/cards/1",
    }),
  ),
  row(copyCard, "whatever a field may hold, both ways", {
    request: { name: "cards/1", card },
    line: "POST /v1/cards/1:copy",
  }),
  row(PaperSlips.method.fileSlip, "a message of edition 2023, its defaults unsaid", {
    request: { name: "slips/1" },
    line: "POST /v1/slips/1:file",
    body: {},
  }),
  row(PaperSlips.method.fileSlip, "a message of edition 2023, all of it", {
    request: {
      name: "slips/1",
      days: 0,
      ink: Ink.BLUE,
      remark: "r",
      stamp: { number: 0n },
      fines: [0, 1],
      returned: false,
    },
    line: "POST /v1/slips/1:file",
    body: { days: 0, ink: "BLUE", remark: "r", stamp: { number: "0" }, fines: [0, 1], returned: false },
  }),
  row(rebindBooks, "a method that answers with an operation", {
    request: { parent: "shelves/1", binding: Binding.CLOTH, books: [{ title: "T" }] },
    line: "POST /v1/shelves/1/books:rebind",
    body: { binding: "CLOTH", books: [{ title: "T" }] },
  }),
];

/** Bytes as the body, of the request or of the answer. */
export const raws: readonly Row[] = [
  row(storeFile, "a field, both ways", {
    request: { name: "files/a/b", content: { contentType: "image/x", data: bytes(0, 255) }, revision: 2 },
    line: "POST /v1/files/a/b:store?revision=2",
  }),
  row(storeFile, "bytes that look like JSON", {
    request: {
      name: "files/a",
      content: { contentType: "application/json", data: new TextEncoder().encode("{") },
    },
    line: "POST /v1/files/a:store",
  }),
  row(storeFile, "an empty file of a type", {
    request: { name: "files/a", content: { contentType: "image/x" } },
    line: "POST /v1/files/a:store",
  }),
  row(convertFile, "an empty file of a type", {
    request: { contentType: "image/x" },
    line: "POST /v1/files:convert",
  }),
  row(fetchFile, "the answer", { request: { name: "files/ä" }, line: "GET /v1/files/%C3%A4:fetch" }),
  row(convertFile, "both ways, whole", {
    request: { contentType: "text/csv; header=present", data: bytes(1, 2, 3) },
    line: "POST /v1/files:convert",
  }),
];

/** One field of the answer as the body. */
export const answers: readonly Row[] = [0, 1, 3].flatMap((pageSize) => {
  const request = { parent: "shelves/1", pageSize };
  const query = pageSize === 0 ? "" : `?pageSize=${pageSize}`;
  const { listBooks, listLabels, getMotto, getTotal } = Library.method;
  return [
    row(listBooks, `${pageSize} messages`, { request, line: `GET /v1/shelves/1/books${query}` }),
    row(listLabels, `a map of ${pageSize}`, { request, line: `GET /v1/shelves/1/labels${query}` }),
    row(getMotto, `a string of ${pageSize}`, { request, line: `GET /v1/shelves/1/motto${query}` }),
    row(getTotal, `a 64-bit integer of ${pageSize}`, { request, line: `GET /v1/shelves/1/total${query}` }),
  ];
});
