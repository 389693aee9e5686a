// SPDX-License-Identifier: Apache-2.0
import { create } from "@bufbuild/protobuf";
import { EmptySchema } from "@bufbuild/protobuf/wkt";
import { Operations } from "../../../gen/google/longrunning/operations_pb.js";
import { LazyResponse } from "../../../src/transport/call/lazy-response.js";

const method = Operations.method.cancelOperation;

/** A response, and what was built for it so far. */
function responseOf() {
  const built: string[] = [];
  const made = (what: string) => () => {
    built.push(what);
    return new Headers({ "x-of": what });
  };
  const metadata = { header: made("header"), trailer: made("trailer") };
  return { built, response: new LazyResponse(method, create(EmptySchema), metadata) };
}

test("builds headers and trailers when somebody reads them, and once", () => {
  const { built, response } = responseOf();
  expect(response).toMatchObject({
    stream: false,
    service: Operations,
    method,
    message: create(EmptySchema),
  });
  expect(built).toEqual([]);
  expect(response.trailer.get("x-of")).toBe("trailer");
  expect(response.trailer).toBe(response.trailer);
  expect(built).toEqual(["trailer"]);
  expect(response.header.get("x-of")).toBe("header");
  expect(response.header).toBe(response.header);
  expect(built).toEqual(["trailer", "header"]);
});

test("can be copied as interceptors do it", () => {
  const { response } = responseOf();
  const copy = { ...response };
  expect(Object.keys(copy).sort()).toEqual(["header", "message", "method", "service", "stream", "trailer"]);
  expect(copy.header).toBe(response.header);
  expect(copy.trailer).toBe(response.trailer);
});

test("does not mix up the headers of two responses", () => {
  const [one, other] = [responseOf().response, responseOf().response];
  expect(one.header).not.toBe(other.header);
});
