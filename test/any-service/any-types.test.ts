// SPDX-License-Identifier: Apache-2.0
import { create, createRegistry } from "@bufbuild/protobuf";
import { type Any, anyIs, anyPack, anyUnpack } from "@bufbuild/protobuf/wkt";
import { Code, ConnectError } from "@connectrpc/connect";
import { BadRequestSchema, ErrorInfoSchema } from "../../gen/google/rpc/error_details_pb.js";
import { anyToJson, CallError, createRestTransport, unpackAny } from "../../src/index.js";
import { AppraisalSchema, file_library_v1_appraisal } from "./gen/library/v1/appraisal_pb.js";
import { type Card, CardSchema } from "./gen/library/v1/book_pb.js";
import { Library } from "./gen/library/v1/library_pb.js";
import { createLibraryServer } from "./library-server.js";
import { startThreeWays, type ThreeWays } from "./three-ways.js";

/** Of a type that no file of the service imports: the server knows it, the client does not. */
const appraisal = create(AppraisalSchema, {
  appraiser: "Ada „Ü“",
  value: 9007199254740993n,
  validity: { seconds: 1n, nanos: 5 },
  seals: [Uint8Array.of(0, 255)],
});
const packed = anyPack(AppraisalSchema, appraisal);

/** Such an Any wherever a message may have one, one inside a known type too. */
const card = create(CardSchema, {
  name: "cards/1",
  proof: packed,
  papers: [packed, anyPack(CardSchema, create(CardSchema, { name: "inner", proof: packed }))],
  byYear: { "1984": packed },
  place: { case: "elsewhere", value: packed },
  behind: { proof: packed },
});

let ways: ThreeWays;
beforeAll(async () => {
  ways = await startThreeWays();
  ways.emulator.serve(Library, {
    ...createLibraryServer().library,
    fileCard: () => card,
    copyCard: ({ card: copied }) => {
      throw new ConnectError("No.", Code.Aborted, undefined, [
        { desc: ErrorInfoSchema, value: { reason: "R" } },
        { desc: AppraisalSchema, value: appraisal },
        { desc: BadRequestSchema, value: { fieldViolations: [{ field: `${copied?.proof?.value.length}` }] } },
      ]);
    },
  });
});
afterAll(async () => {
  await ways[Symbol.asyncDispose]();
});

const cardOver = async (way: "rest" | "grpc") =>
  (
    await ways[way].transport.unary(Library.method.fileCard, undefined, undefined, undefined, {
      name: "cards/1",
    })
  ).message;

/** Every Any of a card that holds an appraisal, and the one around one. */
function anysOf({ proof, papers, byYear, place, behind }: Card): (Any | undefined)[] {
  return [
    proof,
    papers[0],
    byYear["1984"],
    place.case === "elsewhere" ? place.value : undefined,
    behind?.proof,
  ];
}

test.each(["rest", "grpc"] as const)(
  "an Any of an unknown type reads the same with a schema, over %s",
  async (way) => {
    const received = await cardOver(way);
    for (const any of anysOf(received)) {
      expect(any?.typeUrl).toBe(packed.typeUrl);
      expect(any !== undefined && anyIs(any, AppraisalSchema)).toBe(true);
      expect(unpackAny(any, AppraisalSchema)).toEqual(appraisal);
      expect(unpackAny(any, CardSchema)).toBeUndefined();
    }
    expect(unpackAny(unpackAny(received.papers[1], CardSchema)?.proof, AppraisalSchema)).toEqual(appraisal);
  },
);

test("an Any of an unknown type is its JSON over REST, and never an empty message", async () => {
  const received = await cardOver("rest");
  for (const any of anysOf(received)) {
    if (any === undefined) throw new Error("an Any is missing");
    expect(anyToJson(any)).toEqual(anyToJson(packed, createRegistry(file_library_v1_appraisal)));
    expect(() => anyUnpack(any, AppraisalSchema)).toThrow("illegal tag");
  }
});

test("a registry makes the types known, and the message is the one that gRPC gives", async () => {
  const registry = createRegistry(file_library_v1_appraisal);
  const transport = createRestTransport({ baseUrl: ways.emulator.baseUrl, registry });
  const { message } = await transport.unary(Library.method.fileCard, undefined, undefined, undefined, {
    name: "cards/1",
  });
  expect(message).toEqual(card);
  expect(message).toEqual(await cardOver("grpc"));
  await transport.close();
});

test("what came as JSON can be sent on over REST, and arrives as the type it is", async () => {
  const received = await cardOver("rest");
  const { method } = Library;
  const sent = ways.rest.transport.unary(method.copyCard, undefined, undefined, undefined, {
    name: "cards/2",
    card: received,
  });
  await expect(sent).rejects.toMatchObject({ code: Code.Aborted });
  expect(ways.emulator.calls.at(-1)?.message).toMatchObject({ name: "cards/2", card });
});

test("bytes of an unknown type cannot be sent over REST, and are not", async () => {
  const before = ways.emulator.calls.length;
  const sent = ways.rest.transport.unary(Library.method.copyCard, undefined, undefined, undefined, {
    name: "cards/2",
    card,
  });
  await expect(sent).rejects.toMatchObject({
    code: Code.InvalidArgument,
    requestSent: false,
    message: expect.stringContaining("library.v1.Appraisal"),
  });
  expect(ways.emulator.calls).toHaveLength(before);
});

test.each(["rest", "grpc"] as const)(
  "an error detail of an unknown type drops no other, over %s",
  async (way) => {
    const { transport } = ways[way];
    const error: unknown = await transport
      .unary(Library.method.copyCard, undefined, undefined, undefined, {
        name: "cards/2",
        card: { name: "c" },
      })
      .catch((reason: unknown) => reason);
    if (!(error instanceof CallError)) throw new Error("expected a CallError");
    expect(error.code).toBe(Code.Aborted);
    expect(error.errorInfo).toMatchObject({ reason: "R" });
    expect(error.findDetails(AppraisalSchema)).toEqual([appraisal]);
    expect(error.findDetails(BadRequestSchema)).toMatchObject([
      { fieldViolations: [{ field: "undefined" }] },
    ]);
    expect(error.status.details.map(({ typeUrl }) => typeUrl.split("/")[1])).toEqual([
      "google.rpc.ErrorInfo",
      "library.v1.Appraisal",
      "google.rpc.BadRequest",
    ]);
  },
);
