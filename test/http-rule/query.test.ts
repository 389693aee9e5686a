// SPDX-License-Identifier: Apache-2.0
import { create, type DescMessage, type JsonValue, type MessageShape } from "@bufbuild/protobuf";
import { TimestampSchema } from "@bufbuild/protobuf/wkt";
import { Code } from "@connectrpc/connect";
import fc from "fast-check";
import { resolveFieldPath } from "../../src/http-rule/field/field-path.js";
import { fromQuery, toQuery } from "../../src/http-rule/query/query.js";
import { queryPlan } from "../../src/http-rule/query/query-plan.js";
import { decodeJson } from "../../src/json/decode-json.js";
import { propertyRuns } from "../property-runs.js";
import { expressibleRequests } from "./request-arbitrary.js";
import { json } from "./rules.js";
import { DemandSchema, LoadSchema, ShelfSchema } from "./vectors/gen/annotated_pb.js";
import { LegacyRequestSchema } from "./vectors/gen/legacy_pb.js";
import { LeafSchema, ReqSchema } from "./vectors/gen/vec_pb.js";

const boundOf = (schema: DescMessage, names: readonly string[]) =>
  names.map((name) => resolveFieldPath(schema, name, { selector: "" }));

function queryOf(schema: DescMessage, input: JsonValue, bound: readonly string[] = []): string {
  return toQuery(queryPlan(schema, boundOf(schema, bound)), decodeJson(schema, input, json));
}

function read<Desc extends DescMessage>(
  schema: Desc,
  query: string,
  names: readonly string[] = [],
): MessageShape<Desc> {
  const message = create(schema);
  const bound = boundOf(schema, names);
  fromQuery(query, message, { plan: queryPlan(schema, bound), bound });
  return message;
}

test.each<[string, JsonValue, string]>([
  ["implicit defaults are left out", { i32: 0, name: "", b: false, by: "", color: 0, d: 0, i64: "0" }, ""],
  ["negative zero is no default", { d: "-0", f: "-0" }, "f=-0&d=-0"],
  ["presence is kept", { optI32: 0, optStr: "", optB: false }, "optI32=0&optStr=&optB=false"],
  ["a oneof member is kept at its default", { pickI: 0 }, "pickI=0"],
  ["the other oneof member as well", { pickS: "" }, "pickS="],
  [
    "wrappers are kept at their defaults",
    { w64: "0", wstr: "", wbool: false, wbytes: "", wd: 0 },
    "w64=0&wstr=&wbool=false&wbytes=&wd=0",
  ],
  ["JSON names, digits as protoc has them", { field1Name: "x" }, "field1Name=x"],
  ["a json_name is encoded", { "@weird-Name": "x" }, "%40weird-Name=x"],
  [
    "reserved characters are encoded, the space as %20",
    { name: "a b+c&d=e/f" },
    "name=a%20b%2Bc%26d%3De%2Ff",
  ],
  [
    "the full prefix at every depth",
    { book: { leaf: { child: { child: { n: 1 } } } } },
    "book.leaf.child.child.n=1",
  ],
  ["presence at depth", { leaf: { opt: "", child: { opt: "" } } }, "leaf.child.opt=&leaf.opt="],
  [
    "lists keep their defaults",
    { tags: ["", "a"], colors: [0, 1, 99], flags: [false] },
    "tags=&tags=a&colors=COLOR_UNSPECIFIED&colors=RED&colors=99&flags=false",
  ],
  ["lists of durations", { durs: ["1s", "0.5s"] }, "durs=1s&durs=0.500s"],
  ["large numbers", { d: 1e21, i64: "9007199254740993" }, "i64=9007199254740993&d=1e%2B21"],
  ["bytes are URL-safe and padded", { by: "+/8=" }, "by=-_8%3D"],
  [
    "a field mask has one comma-separated value",
    { updateMask: "bookId,leaf.opt" },
    "updateMask=bookId%2Cleaf.opt",
  ],
  ["an empty field mask is there", { updateMask: "" }, "updateMask="],
  ["empty messages vanish", { leaf: {}, empty: {}, book: { leaf: {} } }, ""],
  ["empty collections vanish", { leaves: [], labels: {}, st: {}, books: [] }, ""],
  [
    "bytes and content type of an HttpBody are fields",
    { raw: { contentType: "a/b", data: "AA==" } },
    "raw.contentType=a%2Fb&raw.data=AA%3D%3D",
  ],
])("%s", (_, input, query) => {
  expect(queryOf(ReqSchema, input)).toBe(query);
});

test("fields of the path are left out, their neighbours are not", () => {
  const input = {
    name: "n",
    leaf: { id: "i", n: 1, child: { id: "c", n: 2 } },
    book: { name: "b", leaf: { id: "l" } },
  };
  expect(queryOf(ReqSchema, input, ["name", "leaf.child.id", "book"])).toBe(
    "leaf.id=i&leaf.n=1&leaf.child.n=2",
  );
});

test("REQUIRED fields are sent at their defaults, presence or emptiness of lists notwithstanding", () => {
  expect(queryOf(DemandSchema, {})).toBe("count=0&query=&shade=SHADE_UNSPECIFIED");
  expect(queryOf(DemandSchema, { count: 3, inner: { maybe: 0 } }, ["name", "query"])).toBe(
    "count=3&shade=SHADE_UNSPECIFIED&inner.count=0&inner.query=&inner.shade=SHADE_UNSPECIFIED&inner.maybe=0",
  );
  expect(queryOf(DemandSchema, {}, ["count", "query", "shade"])).toBe("");
});

test("proto2 fields are sent when they are set, whatever their defaults say", () => {
  const plan = queryPlan(LegacyRequestSchema, []);
  expect(toQuery(plan, create(LegacyRequestSchema))).toBe("");
  const set = create(LegacyRequestSchema, { name: "n", count: 0, mode: 2, sure: false, sizes: [0] });
  expect(toQuery(plan, set)).toBe("name=n&count=0&mode=SLOW&sure=false&sizes=0");
});

test("wrappers, durations and messages in a oneof are sent as elsewhere", () => {
  expect(queryOf(LoadSchema, { pickWrapped: 0 })).toBe("pickWrapped=0");
  expect(queryOf(LoadSchema, { pickDuration: "1s" })).toBe("pickDuration=1s");
  expect(queryOf(LoadSchema, { pickShelf: { theme: "t" } })).toBe("pickShelf.theme=t");
});

test.each<[JsonValue, string]>([
  [{ labels: { a: "b" } }, "the map field vec.v1.Req.labels"],
  [{ labels: { $typeName: "b" } }, "the map field vec.v1.Req.labels"],
  [{ leaves: [{}] }, "the repeated field vec.v1.Req.leaves"],
  [{ st: { a: 1 } }, "the google.protobuf.Struct field vec.v1.Req.st"],
  [{ val: null }, "the google.protobuf.Value field vec.v1.Req.val"],
  [{ any: {} }, "the google.protobuf.Any field vec.v1.Req.any"],
  [
    { raw: { extensions: [{ "@type": "type.googleapis.com/google.protobuf.Duration", value: "1s" }] } },
    "the repeated field google.api.HttpBody.extensions",
  ],
])("rejects %j in a query", (input, field) => {
  expect(() => queryOf(ReqSchema, input)).toThrow(
    expect.objectContaining({
      code: Code.InvalidArgument,
      rawMessage: `${field} is set, but cannot be a query parameter`,
    }),
  );
});

test("a value that its field cannot have is InvalidArgument with the codec's error as cause", () => {
  const message = create(ReqSchema, { ts: create(TimestampSchema, { seconds: 1_000_000_000_000n }) });
  const send = () => toQuery(queryPlan(ReqSchema, []), message);
  expect(send).toThrow(expect.objectContaining({ code: Code.InvalidArgument, cause: expect.any(Error) }));
  expect(send).toThrow("the google.protobuf.Timestamp field vec.v1.Req.ts: ");
});

test("a lone surrogate is InvalidArgument with the field's name", () => {
  const message = create(ReqSchema, { tags: ["a\ud800"] });
  expect(() => toQuery(queryPlan(ReqSchema, []), message)).toThrow("tags has a lone surrogate at 1");
});

test("a message in a circle is InvalidArgument, not a full stack", () => {
  const leaf = create(LeafSchema, { n: 1 });
  leaf.child = leaf;
  expect(() => toQuery(queryPlan(ReqSchema, []), create(ReqSchema, { leaf }))).toThrow(
    /deeper than 100 messages/,
  );
});

test("reading is the inverse of writing", () => {
  const plan = queryPlan(ReqSchema, []);
  fc.assert(
    fc.property(expressibleRequests, (request) => {
      expect(read(ReqSchema, toQuery(plan, request))).toEqual(request);
    }),
    { numRuns: propertyRuns(3_000) },
  );
}, 60_000);

test.each<[string, JsonValue]>([
  ["", {}],
  ["&&", {}],
  ["i32=1&", { i32: 1 }],
  ["bookId", { bookId: "" }], // no "=": the empty text
  ["update_mask=title", { updateMask: "title" }], // proto names
  ["field_1_name=x", { field1Name: "x" }],
  ["weird=x", { "@weird-Name": "x" }],
  ["leaf.child.n=1&leaf.id=i", { leaf: { id: "i", child: { n: 1 } } }],
  ["name=a+b%2Bc", { name: "a b+c" }], // "+" as in forms
  ["name=a=b", { name: "a=b" }],
  ["%6eame=x", { name: "x" }],
  ["color=1&colors=GREEN&colors=0", { color: "RED", colors: ["GREEN", "COLOR_UNSPECIFIED"] }],
  ["w64=5&wbytes=_w", { w64: "5", wbytes: "/w==" }],
  ["$alt=json%3Benum-encoding%3Dint&key=k&prettyPrint=false&name=n", { name: "n" }], // system parameters
])("reads %j", (query, input) => {
  expect(read(ReqSchema, query)).toEqual(decodeJson(ReqSchema, input, json));
});

test("a field goes before a system parameter of its name", () => {
  expect(read(LoadSchema, "key=k")).toMatchObject({ key: "k" });
});

test("reads elements that are wrappers, members of oneofs and 64-bit strings", () => {
  expect(read(LoadSchema, "texts=a&texts=&pick_wrapped=0&textLong=9007199254740993&shades=DARK")).toEqual(
    decodeJson(
      LoadSchema,
      {
        texts: ["a", ""],
        pickWrapped: 0,
        textLong: "9007199254740993",
        shades: ["DARK"],
      },
      json,
    ),
  );
});

test("a field of the path is ignored, by either name", () => {
  expect(read(ReqSchema, "book_id=x&bookId=y&leaf.child.n=no&leaf.n=1", ["book_id", "leaf.child.n"])).toEqual(
    decodeJson(ReqSchema, { leaf: { n: 1 } }, json),
  );
});

test.each([
  ["i32=x", '"i32" is not an int32'],
  ["i32=", '"i32" is not an int32'],
  ["b", '"b" is not true or false'],
  ["ts=now", '"ts" is not an RFC 3339 timestamp'],
  ["by=!", '"by" is not base64'],
  ["colors=RED&colors=BLUE", '"colors" is not a name of the enum Color'],
  ["nope=1", '"nope" is no field that this method takes from the query'],
  ["leaf.nope=1", '"leaf.nope" is no field that this method takes from the query'],
  ["name.x=1", '"name.x" is no field that this method takes from the query'],
  ["=1", '"" is no field that this method takes from the query'],
  ["leaf..n=1", '"leaf..n" is no field that this method takes from the query'],
  ["leaf.=1", '"leaf." is no field that this method takes from the query'],
  [
    "leaf=1",
    '"leaf" is the vec.v1.Leaf field vec.v1.Req.leaf, expected a field of one value or a list of them',
  ],
  [
    "leaves=1",
    '"leaves" is the repeated field vec.v1.Req.leaves, expected a field of one value or a list of them',
  ],
  ["labels.a=b", '"labels.a" is no field that this method takes from the query'],
  ["i32=1&i32=1", '"i32" is given twice'],
  ["i32=1&leaf.n=1&leaf.n=2", '"leaf.n" is given twice'],
  ["optI32=1&opt_i32=1", '"opt_i32" is given twice'],
  ["pickS=a&pickI=1", '"pickI" sets a second member of the oneof pick, after pick_s'],
  ["name=%", '"name" is not percent-encoded UTF-8'],
  ["%ff=x", '"%ff" is not percent-encoded UTF-8'],
  [`${"x".repeat(200)}=1`, `"${"x".repeat(100)}…" is no field that this method takes from the query`],
])("rejects %s and names the parameter", (query, problem) => {
  expect(() => read(ReqSchema, query)).toThrow(
    expect.objectContaining({ code: Code.InvalidArgument, rawMessage: `query parameter ${problem}` }),
  );
});

test("rejects members of a oneof that are set through different fields of messages", () => {
  expect(() => read(LoadSchema, "pickShelf.theme=a&pickDuration=1s")).toThrow(
    /second member of the oneof pick/,
  );
  expect(read(LoadSchema, "pickShelf.theme=a&pickShelf.size=1").pick).toMatchObject({
    value: { theme: "a", size: 1n },
  });
});

test("rejects a key of endless depth", () => {
  expect(() => read(ShelfSchema, `${"inner.".repeat(20_000)}theme=x`)).toThrow(
    expect.objectContaining({ code: Code.InvalidArgument }),
  );
});
