// SPDX-License-Identifier: Apache-2.0
import {
  create,
  type DescMessage,
  type DescMethodUnary,
  type Message,
  type MessageShape,
} from "@bufbuild/protobuf";
import fc from "fast-check";
import { anyText } from "../any-text.js";
import { propertyRuns } from "../property-runs.js";
import { type Book, BookSchema, CardSchema, EditionSchema } from "./gen/library/v1/book_pb.js";
import { Library } from "./gen/library/v1/library_pb.js";
import { PaperSlips } from "./gen/library/v1/paper_slip_pb.js";
import { type MessageKind, messagesOf } from "./message-arbitrary.js";
import { outcomeOf, startThreeWays, type ThreeWays } from "./three-ways.js";

let ways: ThreeWays;
beforeAll(async () => {
  ways = await startThreeWays();
});
afterAll(async () => {
  await ways[Symbol.asyncDispose]();
});

/** One segment of a name: anything but nothing, dots alone, and what ends a segment. */
const segment = anyText({ minLength: 1, maxLength: 6 }).filter((text) => !/^\.\.?$|\//.test(text));
const bookName = fc.tuple(segment, segment).map(([shelf, book]) => `shelves/${shelf}/books/${book}`);

/** Requests of a method, with what its path needs put into them. */
function requestsOf<I extends DescMessage, T>(
  { input }: DescMethodUnary<I>,
  values: fc.Arbitrary<T>,
  put: (request: MessageShape<I>, value: T) => Partial<MessageShape<I>>,
  kind: MessageKind = { forQuery: false },
): fc.Arbitrary<Message> {
  return fc
    .tuple(messagesOf(input, kind), values)
    .map(([request, value]) => Object.assign(request, put(request, value)));
}

const { method } = Library;
const { findSlip, fileSlip } = PaperSlips.method;
const inQuery: MessageKind = { forQuery: true };
const slip = segment.map((id) => `slips/${id}`);
const card = segment.map((id) => `cards/${id}`);
const bookOf = ({ book }: { book?: Book | undefined }, name: string) =>
  Object.assign(book ?? create(BookSchema), { name });

const methods: [DescMethodUnary, fc.Arbitrary<Message>][] = [
  [method.searchBooks, messagesOf(method.searchBooks.input, inQuery)],
  [method.deleteBook, requestsOf(method.deleteBook, bookName, (_, name) => ({ name }), inQuery)],
  [
    method.createBook,
    requestsOf(method.createBook, segment, ({ book }, id) => ({
      parent: `shelves/${id}`,
      book: book ?? create(BookSchema), // over REST a body cannot be absent, so an absent message arrives as an empty one
    })),
  ],
  [
    method.updateBook,
    requestsOf(method.updateBook, bookName, (request, name) => ({ book: bookOf(request, name) })),
  ],
  [
    method.replaceBook,
    requestsOf(method.replaceBook, bookName, (request, name) => ({ book: bookOf(request, name) })),
  ],
  [method.labelBook, requestsOf(method.labelBook, bookName, (_, name) => ({ name, chapters: [] }))],
  [method.divideBook, requestsOf(method.divideBook, bookName, (_, name) => ({ name, labels: {} }))],
  [
    method.findEdition,
    requestsOf(
      method.findEdition,
      fc.option(segment, { nil: undefined }),
      ({ edition }, language) => ({
        edition: edition ?? create(EditionSchema),
        ...(language === undefined ? {} : { language }),
      }),
      inQuery,
    ),
  ],
  [
    method.readPage,
    requestsOf(method.readPage, fc.array(segment, { minLength: 1, maxLength: 4 }), (_, segments) => ({
      path: `folders/${segments.join("/")}`,
    })),
  ],
  [method.fileCard, requestsOf(method.fileCard, card, (_, name) => ({ name }))],
  [
    method.copyCard,
    requestsOf(method.copyCard, card, (request, name) => ({
      name,
      card: request.card ?? create(CardSchema),
    })),
  ],
  [findSlip, requestsOf(findSlip, slip, ({ ink }, name) => ({ name, ink }), inQuery)],
  [fileSlip, requestsOf(fileSlip, slip, (_, name) => ({ name }))],
  [method.rebindBooks, requestsOf(method.rebindBooks, segment, (_, id) => ({ parent: `shelves/${id}` }))],
];

test.each(methods.map(([method, requests]) => ({ name: method.name, method, requests })))(
  "any request of $name arrives and is answered as over gRPC",
  async ({ method, requests }) => {
    const { rest, grpc } = ways;
    await fc.assert(
      fc.asyncProperty(requests, async (request) => {
        const want = await outcomeOf(grpc, method, request);
        expect(want).toEqual({ seen: [request], answers: [expect.anything()] });
        expect(await outcomeOf(rest, method, request)).toEqual(want);
      }),
      { numRuns: propertyRuns(200, 15) },
    );
  },
  600_000,
);
