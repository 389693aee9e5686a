// SPDX-License-Identifier: Apache-2.0

import { create } from "@bufbuild/protobuf";
import { anyPack } from "@bufbuild/protobuf/wkt";
import { Code, ConnectError, encodeBinaryHeader } from "@connectrpc/connect";
import fc from "fast-check";
import { ErrorInfoSchema, RetryInfoSchema } from "../../gen/google/rpc/error_details_pb.js";
import { StatusSchema } from "../../gen/google/rpc/status_pb.js";
import { CallError } from "../../src/errors/call-error.js";
import { fromGrpcTrailer, toGrpcTrailer } from "../../src/errors/grpc-status.js";
import { anyText } from "../any-text.js";
import { expectLinear } from "../linear-cost.js";
import { propertyRuns } from "../property-runs.js";

const info = anyPack(ErrorInfoSchema, create(ErrorInfoSchema, { reason: "R" }));
const details = encodeBinaryHeader(
  create(StatusSchema, { code: 5, message: "in the details", details: [info] }),
  StatusSchema,
);
const infoDetail = { type: "google.rpc.ErrorInfo", value: info.value };

test.each<[string, Record<string, string>, object | undefined]>([
  ["OK", { "grpc-status": "0" }, undefined],
  ["OK, whatever the details say", { "grpc-status": "0", "grpc-status-details-bin": details }, undefined],
  ["a code", { "grpc-status": "5" }, { code: Code.NotFound, message: "", details: [] }],
  [
    "a code of two digits",
    { "grpc-status": "16", "grpc-message": "m" },
    { code: Code.Unauthenticated, message: "m", details: [] },
  ],
  [
    "details",
    { "grpc-status": "5", "grpc-message": "m", "grpc-status-details-bin": details },
    { code: Code.NotFound, message: "m", details: [infoDetail] },
  ],
  [
    "padded base64",
    { "grpc-status": "5", "grpc-status-details-bin": Buffer.from(details, "base64").toString("base64") },
    { code: Code.NotFound, message: "in the details", details: [infoDetail] },
  ],
  [
    "details of another code",
    { "grpc-status": "13", "grpc-message": "m", "grpc-status-details-bin": details },
    { code: Code.Internal, message: "m", details: [infoDetail] },
  ],
  [
    "details that are no base64",
    { "grpc-status": "5", "grpc-message": "m", "grpc-status-details-bin": "!!" },
    { code: Code.NotFound, message: "m", details: [] },
  ],
  [
    "details that are no Status",
    { "grpc-status": "5", "grpc-message": "m", "grpc-status-details-bin": "/////w" },
    { code: Code.NotFound, message: "m", details: [] },
  ],
  [
    "details sent twice",
    { "grpc-status": "5", "grpc-message": "m", "grpc-status-details-bin": `${details}, ${details}` },
    { code: Code.NotFound, message: "m", details: [infoDetail] },
  ],
  ["no status", { "grpc-message": "m" }, { code: Code.Unknown, message: "m", details: [] }],
  [
    "nothing",
    {},
    { code: Code.Unknown, message: "the server ended the call without a grpc-status", details: [] },
  ],
  [
    "a code to come",
    { "grpc-status": "17", "grpc-message": "m" },
    { code: Code.Unknown, message: "m", details: [] },
  ],
  [
    "no number",
    { "grpc-status": "NOT_FOUND" },
    { code: Code.Unknown, message: "the server sent an unknown grpc-status", details: [] },
  ],
  [
    "a negative number",
    { "grpc-status": "-1", "grpc-message": "m" },
    { code: Code.Unknown, message: "m", details: [] },
  ],
])("reads trailers with %s", (_, trailer, want) => {
  expect(fromGrpcTrailer(new Headers(trailer))).toEqual(want);
});

test.each([
  ["m%C3%A4h", "mäh"],
  ["100%25", "100%"],
  ["100%", "100%"], // no digits follow: it stays
  ["%zz %4", "%zz %4"],
  ["%ff%fe", "%ff%fe"], // not UTF-8
  ["a%0Ab", "a\nb"],
  ["%f0%9f%98%80", "😀"],
  ["%EF%BB%BFx", "\ufeffx"],
  ["a+b", "a+b"],
])("reads the message %j as %j", (encoded, message) => {
  expect(fromGrpcTrailer(new Headers({ "grpc-status": "2", "grpc-message": encoded }))?.message).toBe(
    message,
  );
});

test.each([
  ["mäh", "m%C3%A4h"],
  ["100%", "100%25"],
  ["a\r\nb", "a%0D%0Ab"],
  ["it's ~ok!", "it's ~ok!"],
  [" a b ", "%20a b%20"], // HTTP would trim it
])("writes the message %j as %j", (message, encoded) => {
  expect(toGrpcTrailer(new ConnectError(message)).get("grpc-message")).toBe(encoded);
});

test("writes code and details, and no details where there are none", () => {
  const error = new ConnectError("m", Code.Aborted, undefined, [
    { desc: ErrorInfoSchema, value: { reason: "R" } },
  ]);
  const trailer = toGrpcTrailer(error);
  expect(trailer.get("grpc-status")).toBe("10");
  expect(fromGrpcTrailer(trailer)).toEqual({ code: Code.Aborted, message: "m", details: [infoDetail] });
  expect(toGrpcTrailer(new ConnectError("m")).has("grpc-status-details-bin")).toBe(false);
});

test("passes on what a server said, and not what we put around it", () => {
  const error = new CallError({
    code: Code.NotFound,
    message: "said",
    operationName: "operations/1",
    requestSent: true,
  });
  expect(fromGrpcTrailer(toGrpcTrailer(error))?.message).toBe("said");
});

test("any error comes back from its trailers", () => {
  const detail = fc.oneof(
    fc.string().map((reason) => ({ desc: ErrorInfoSchema, value: { reason } })),
    fc.integer().map((nanos) => ({ desc: RetryInfoSchema, value: { retryDelay: { nanos } } })),
  );
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 16 }), anyText(), fc.array(detail), (code, message, sent) => {
      const error = new ConnectError(message, code, undefined, sent);
      const read = fromGrpcTrailer(toGrpcTrailer(error));
      expect(read).toMatchObject({ code, message });
      expect(read?.details).toEqual(
        new CallError({ code, message, details: sent, requestSent: true }).details,
      );
    }),
    { numRuns: propertyRuns(2_000) },
  );
});

test("no trailer makes it throw", () => {
  const value = fc.string({
    unit: fc.integer({ min: 0x20, max: 0x7e }).map((code) => String.fromCharCode(code)),
  });
  fc.assert(
    fc.property(value, value, value, (status, message, bin) => {
      const read = fromGrpcTrailer(
        new Headers({ "grpc-status": status, "grpc-message": message, "grpc-status-details-bin": bin }),
      );
      expect(read === undefined).toBe(status.trim() === "0");
    }),
    { numRuns: propertyRuns(5_000) },
  );
});

test.each<[string, (size: number) => string]>([
  ["between letters", (size) => `x${" ".repeat(size)}x`],
  ["alone", (size) => " ".repeat(size)],
  ["beside other letters", (size) => "\u00e9 ".repeat(size / 2)],
])("takes a time that grows with the message alone, with blanks %s", async (_what, messageOf) => {
  await expectLinear(20_000, (size) => {
    const error = new ConnectError(messageOf(size), Code.Internal);
    expect(fromGrpcTrailer(toGrpcTrailer(error))?.message).toBe(error.rawMessage);
  });
});

test.each(["   ", " a b ", "", " \u00e9 "])("keeps the blanks of %j at both ends", (text) => {
  const trailer = toGrpcTrailer(new ConnectError(text, Code.Internal));
  expect(trailer.get("grpc-message")?.trim()).toBe(trailer.get("grpc-message"));
  expect(fromGrpcTrailer(trailer)?.message).toBe(text);
});
