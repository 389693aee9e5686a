// SPDX-License-Identifier: Apache-2.0
import { create, type Message, type MessageInitShape } from "@bufbuild/protobuf";
import { anyPack } from "@bufbuild/protobuf/wkt";
import { Code, ConnectError, type HandlerContext, type ServiceImpl } from "@connectrpc/connect";
import { BadRequestSchema, ErrorInfoSchema } from "../../gen/google/rpc/error_details_pb.js";
import { type Book, BookSchema } from "./gen/library/v1/book_pb.js";
import {
  type AmendBookRequest,
  type FollowRequest,
  type Library,
  LoanSchema,
} from "./gen/library/v1/library_pb.js";
import type { PaperSlips } from "./gen/library/v1/paper_slip_pb.js";

/** A library that answers with what it was asked, so that the answer shows how the request arrived. */
export interface LibraryServer {
  readonly library: ServiceImpl<typeof Library>;
  readonly slips: ServiceImpl<typeof PaperSlips>;
  /** The requests that arrived, as the implementation got them. */
  readonly seen: Message[];
  /** Resolves when the caller of a held stream has gone. */
  callerGone(): Promise<void>;
}

/** Request header: the method fails with the `Code` of this number. */
export const FAIL = "x-fail-with";

/** What fails, with details of two types. */
export function refusal(code: Code): ConnectError {
  const reason = "NOT_TODAY";
  return new ConnectError("Not today – „heute nicht“ 100 %.", code, undefined, [
    { desc: ErrorInfoSchema, value: { reason, domain: "library.example.com", metadata: { day: "monday" } } },
    { desc: BadRequestSchema, value: { fieldViolations: [{ field: "name", description: "No.", reason }] } },
  ]);
}

export function createLibraryServer(): LibraryServer {
  const seen: Message[] = [];
  const waiting: (() => void)[] = [];

  const arrived = (request: Message, { requestHeader }: HandlerContext): void => {
    seen.push(request);
    const code = requestHeader.get(FAIL);
    if (code !== null) throw refusal(Number(code));
  };
  const answering =
    <I extends Message, O>(answer: (request: I) => O) =>
    (request: I, context: HandlerContext): O => {
      arrived(request, context);
      return answer(request);
    };
  const echo = <I extends Message>(request: I, context: HandlerContext): I => {
    arrived(request, context);
    return request;
  };
  const amend = answering((request: AmendBookRequest) => ({ request }));

  async function* following<T>(
    request: FollowRequest,
    context: HandlerContext,
    answer: (request: FollowRequest, number: number) => T,
  ): AsyncGenerator<T> {
    arrived(request, context);
    for (let number = 1; number <= request.count; number++) yield answer(request, number);
    if (request.hold) {
      await aborted(context.signal);
      for (const resolve of waiting.splice(0)) resolve();
    }
    if (request.code !== 0) throw refusal(request.code);
  }

  return {
    seen,
    callerGone: () => new Promise((resolve) => void waiting.push(resolve)),
    slips: {
      findSlip: echo,
      fileSlip: echo,
      stampSlip: answering(({ stamp }) => (stamp === undefined ? {} : { stamp })),
    },
    library: {
      getBook: answering(({ name, isbn, readMask }) => ({ name, title: isbn, tags: readMask?.paths ?? [] })),
      searchBooks: answering((request) => ({ request, books: [{ title: request.text }] })),
      createBook: answering(({ parent, bookId, book, validateOnly }) =>
        amended(book, {
          name: `${parent}/books/${bookId}`,
          ...(validateOnly !== undefined && { rating: Number(validateOnly) }),
        }),
      ),
      updateBook: answering(({ book, updateMask }) => amended(book, { tags: updateMask?.paths ?? [] })),
      replaceBook: answering(({ book, updateMask }) => amended(book, { tags: updateMask?.paths ?? [] })),
      deleteBook: answering(() => ({})),
      tagBook: amend,
      labelBook: amend,
      bindBook: amend,
      coverBook: amend,
      countCopies: amend,
      remarkBook: amend,
      divideBook: amend,
      listBooks: answering(({ parent, pageSize }) => ({
        books: Array.from({ length: pageSize }, (_, index) => ({ name: `${parent}/books/${index}` })),
      })),
      listLabels: answering(({ parent, pageSize }) => ({
        labels: pageSize === 0 ? {} : { [parent]: BigInt(pageSize) << 60n },
      })),
      getMotto: answering(({ parent, pageSize }) => ({ motto: parent.repeat(pageSize) })),
      getTotal: answering(({ pageSize }) => ({ total: BigInt(pageSize) << 62n })),
      moveBook: answering(({ name, target, reason }) => ({
        name,
        title: reason,
        tags: [`${target?.shelf}`],
      })),
      lockBook: answering(({ name, target, reason }) => ({
        name,
        title: reason,
        rating: target?.place ?? 0,
      })),
      peekBook: answering(() => ({})),
      findEdition: echo,
      readPage: echo,
      quoteFine: echo,
      fileCard: echo,
      copyCard: answering(({ card }) => (card === undefined ? {} : { card })),
      storeFile: answering(({ content }) => (content === undefined ? {} : { content })),
      fetchFile: answering(({ name }) => ({
        contentType: "text/plain; charset=utf-8",
        data: new TextEncoder().encode(name),
      })),
      convertFile: answering(({ contentType, data }) => ({ contentType, data: data.toReversed() })),
      followLoans: (request, context) => following(request, context, loanOf),
      importBooks: (request, context) => following(request, context, loanOf),
      followTitles: (request, context) =>
        following(request, context, (_, number) => ({ book: bookOf(number) })),
      downloadFile: (request, context) =>
        following(request, context, (_, number) => ({
          contentType: "audio/ogg",
          data: Uint8Array.of(0, number),
        })),
      returnBooks: () => {
        throw new ConnectError("One book at a time.", Code.Unimplemented);
      },
      rebindBooks: answering(({ parent, binding, books }) => ({
        name: `${parent}/operations/1`,
        metadata: anyPack(LoanSchema, create(LoanSchema, { number: books.length })),
        done: true,
        result: {
          case: "response",
          value: anyPack(BookSchema, create(BookSchema, { name: parent, binding })),
        },
      })),
    },
  };
}

function amended(book: Book | undefined, changes: Partial<Book>): Book {
  return Object.assign(create(BookSchema), book, changes);
}

function bookOf(number: number): MessageInitShape<typeof BookSchema> {
  return { name: `shelves/1/books/${number}`, title: `Band ${number} „Ä😀“` };
}

function loanOf({ titles }: FollowRequest, number: number): MessageInitShape<typeof LoanSchema> {
  const title = titles[number - 1];
  return {
    number,
    book: title === undefined ? bookOf(number) : { title },
    due: { seconds: 86_400n, nanos: number },
  };
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
