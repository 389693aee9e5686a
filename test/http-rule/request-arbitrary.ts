// SPDX-License-Identifier: Apache-2.0
import { create } from "@bufbuild/protobuf";
import { DurationSchema, FieldMaskSchema, TimestampSchema } from "@bufbuild/protobuf/wkt";
import fc from "fast-check";
import { anyText } from "../any-text.js";
import { BookSchema, LeafSchema, type Req, ReqSchema } from "./vectors/gen/vec_pb.js";

const text = anyText({ maxLength: 6 });
const int32 = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });
const bytes = fc.uint8Array({ maxLength: 5 });
const color: fc.Arbitrary<number> = fc.constantFrom(0, 1, 2, 99); // 99 has no name

const nanos = fc.nat(999_999_999);

const timestamp = fc
  .tuple(fc.bigInt(-62_135_596_800n, 253_402_300_799n), nanos)
  .map(([seconds, part]) => create(TimestampSchema, { seconds, nanos: part }));
const duration = fc
  .tuple(fc.bigInt(0n, 315_576_000_000n), nanos, fc.boolean())
  .map(([seconds, part, isNegative]) =>
    create(DurationSchema, isNegative ? { seconds: -seconds, nanos: 0 - part } : { seconds, nanos: part }),
  );
const mask = fc
  .subarray(["title", "book_id", "leaf.opt", "a_b_c.d_e"])
  .map((paths) => create(FieldMaskSchema, { paths }));

/** Messages whose every nested message has something in it: a query cannot tell an empty one from none. */
const leaf = fc
  .record({ id: text.filter((id) => id !== ""), n: int32, opt: fc.option(text, { nil: undefined }) })
  .chain((outer) =>
    fc
      .option(fc.record({ n: int32.filter((n) => n !== 0) }), { nil: undefined })
      .map((child) => leafOf({ ...outer, child })),
  );

function leafOf({
  opt,
  child,
  ...rest
}: {
  id: string;
  n: number;
  opt: string | undefined;
  child: { n: number } | undefined;
}) {
  return create(LeafSchema, {
    ...rest,
    ...(opt === undefined ? {} : { opt }),
    ...(child === undefined ? {} : { child }),
  });
}

const pick: fc.Arbitrary<Req["pick"]> = fc.oneof(
  text.map((value) => ({ case: "pickS" as const, value })),
  int32.map((value) => ({ case: "pickI" as const, value })),
);

const fields = {
  name: text,
  parent: text,
  bookId: text,
  book: fc.tuple(text, leaf).map(([title, inner]) => create(BookSchema, { title, leaf: inner })),
  i32: int32,
  i64: fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n),
  u64: fc.bigInt(0n, 2n ** 64n - 1n),
  f: fc.float(),
  d: fc.double(),
  b: fc.boolean(),
  by: bytes,
  color,
  ts: timestamp,
  dur: duration,
  updateMask: mask,
  w64: fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n),
  wstr: text,
  wbool: fc.boolean(),
  wbytes: bytes,
  wd: fc.double(),
  tags: fc.array(text, { maxLength: 3 }),
  colors: fc.array(color, { maxLength: 3 }),
  durs: fc.array(duration, { maxLength: 2 }),
  flags: fc.array(fc.boolean(), { maxLength: 3 }),
  optI32: int32,
  optStr: text,
  optB: fc.boolean(),
  weird: text,
  pick,
  leaf,
  field1Name: text,
};

/** `vec.v1.Req` messages with any of the fields that a query can express. */
export const expressibleRequests: fc.Arbitrary<Req> = fc
  .record(fields, { requiredKeys: [] })
  .map((init) => create(ReqSchema, init));
