// SPDX-License-Identifier: Apache-2.0
import { create, type DescMethod, type Message } from "@bufbuild/protobuf";
import { CancelOperationRequestSchema, Operations } from "../../gen/google/longrunning/operations_pb.js";
import { routingOf } from "../../src/http-rule/routing.js";
import { Annotated, Routed, ShelfSchema, TableSchema } from "./vectors/gen/annotated_pb.js";

function paramsOf(method: DescMethod, message: Message): string | undefined {
  return routingOf(method)(message);
}

/** The message of the examples in google/api/routing.proto. */
const table = create(TableSchema, {
  tableName: "projects/proj_foo/instances/instance_bar/table/table_baz",
  appProfileId: "profiles/prof_qux",
});

const routed = Routed.method;

test.each([
  [routed.example1, "app_profile_id=profiles/prof_qux"],
  [routed.example2, "routing_id=profiles/prof_qux"],
  [routed.example3a, "table_name=projects/proj_foo/instances/instance_bar/table/table_baz"],
  [routed.example3b, undefined],
  [routed.example3c, "table_name=projects/proj_foo/instances/instance_bar/table/table_baz"],
  [routed.example4, "routing_id=projects/proj_foo"],
  [routed.example5, "routing_id=projects/proj_foo/instances/instance_bar"],
  [routed.example6, "project_id=projects/proj_foo&instance_id=instances/instance_bar"],
  [routed.example7, "project_id=projects/proj_foo&routing_id=profiles/prof_qux"],
  [routed.example8, "routing_id=profiles/prof_qux"],
])("%s of google/api/routing.proto", (method, params) => {
  expect(paramsOf(method, table)).toBe(params?.replaceAll("/", "%2F"));
});

test("example 9 of google/api/routing.proto, whose table has the name of its templates", () => {
  const message = { ...table, tableName: "projects/proj_foo/instances/instance_bar/tables/table_baz" };
  expect(paramsOf(routed.example9, message)).toBe(
    "table_location=instances%2Finstance_bar&routing_id=prof_qux",
  );
  const bare = { ...message, appProfileId: "" };
  expect(paramsOf(routed.example9, bare)).toBe(
    "table_location=instances%2Finstance_bar&routing_id=projects%2Fproj_foo",
  );
});

test("the last parameter that matches wins, and one that does not match leaves it", () => {
  expect(paramsOf(routed.example5, create(TableSchema, { tableName: "projects/p" }))).toBe(
    "routing_id=projects%2Fp",
  );
  expect(paramsOf(routed.example8, create(TableSchema, { tableName: "regions/r/x" }))).toBe(
    "routing_id=regions%2Fr",
  );
});

test("without google.api.routing, the fields of all paths are sent, once and when they are set", () => {
  expect(
    paramsOf(
      Operations.method.cancelOperation,
      create(CancelOperationRequestSchema, { name: "operations/a b" }),
    ),
  ).toBe("name=operations%2Fa%20b");
  expect(paramsOf(Annotated.method.getShelf, create(ShelfSchema, { name: "shelves/1", theme: "t&=" }))).toBe(
    "name=shelves%2F1&theme=t%26%3D",
  );
  expect(paramsOf(routed.paths, create(TableSchema, { tableName: "projects/p", shelf: { name: "s" } }))).toBe(
    "table_name=projects%2Fp&shelf.name=s",
  );
  expect(paramsOf(routed.paths, create(TableSchema, { tableName: "projects/p" }))).toBe(
    "table_name=projects%2Fp",
  );
});

test.each([
  ["no field is set", Annotated.method.getShelf],
  ["the method has no annotation", Annotated.method.unbound],
  ["its annotation does not parse", Annotated.method.badTemplate],
])("there is no header when %s", (_, method) => {
  expect(paramsOf(method, create(ShelfSchema))).toBeUndefined();
});

test.each([
  ["google.api.routing is there and empty: it overrides the path", routed.noParameters],
  ["a routing template has two variables", routed.twoVariables],
  ["a path has a repeated field", routed.badPath],
])("there is no header when %s", (_, method) => {
  expect(paramsOf(method, create(TableSchema, { ...table, tags: ["x"] }))).toBeUndefined();
});
