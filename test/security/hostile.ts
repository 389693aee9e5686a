// SPDX-License-Identifier: Apache-2.0
import { gzipSync } from "node:zlib";
import { toBinary } from "@bufbuild/protobuf";
import fc from "fast-check";
import { OperationSchema } from "../../gen/google/longrunning/operations_pb.js";
import { anyText } from "../any-text.js";
import { frame } from "../faults/wire.js";

// What comes from outside: partly noise, partly near misses of the real thing, which get further in.

/** Any HTTP status that can be written. */
export const anyStatus = fc.oneof(
  fc.constantFrom(200, 200, 204, 302, 404, 429, 503),
  fc.integer({ min: 200, max: 599 }),
);

/** Names that mean something to HTTP, to gRPC or to this library, and any others. */
const headerName = fc.oneof(
  fc.constantFrom(
    "content-type",
    "content-encoding",
    "content-length",
    "transfer-encoding",
    "host",
    "connection",
    "upgrade",
    "expect",
    "te",
    "location",
    "retry-after",
    "grpc-encoding",
    "x-goog-request-params",
    "cookie",
    "__proto__",
  ),
  fc.stringMatching(/^[!#$%&'*+.^_`|~0-9a-z-]{1,12}$/),
);

const headerValue = fc.oneof(
  fc.constantFrom(
    "gzip",
    "chunked",
    "0",
    "-1",
    "text/html",
    "evil.example.com",
    "http://127.0.0.1:1/",
    "100-continue",
  ),
  fc.stringMatching(/^[\t -~\u0080-\u00ff]{0,30}$/),
);

/** Headers of any legal form. */
export const anyHeaders = fc.dictionary(headerName, headerValue, { maxKeys: 6 });

const value = fc.jsonValue({ maxDepth: 3 });

/** JSON with the keys of an Operation or of an error, and anything in them. */
const nearlyJson = fc
  .oneof(
    fc.record(
      { name: value, done: value, error: value, response: value, metadata: value },
      { requiredKeys: [] },
    ),
    fc.record({
      error: fc.record(
        { code: value, status: value, message: value, details: fc.array(value) },
        { requiredKeys: [] },
      ),
    }),
    fc.record({
      done: fc.boolean(),
      response: fc.record({
        "@type": fc.oneof(
          fc.string(),
          fc.constantFrom(
            "type.googleapis.com/google.protobuf.Any",
            "type.googleapis.com/google.protobuf.Struct",
            "type.googleapis.com/google.protobuf.Duration",
            "type.googleapis.com/google.longrunning.Operation",
          ),
        ),
        value,
      }),
    }),
    value,
  )
  .map((json) => Buffer.from(JSON.stringify(json)));

/** A body of an answer over REST. */
export const anyBody = fc.oneof(
  nearlyJson,
  fc.uint8Array({ maxLength: 200 }),
  fc.tuple(nearlyJson, fc.nat(), fc.nat({ max: 255 })).map(([bytes, at, byte]) => spoilt(bytes, at, byte)),
);

/** A message over gRPC: noise, or an Operation with one byte changed. */
export const anyMessage = fc.oneof(
  fc.uint8Array({ maxLength: 100 }),
  fc
    .tuple(fc.string(), fc.string(), fc.uint8Array(), fc.nat(), fc.nat({ max: 255 }))
    .map(([name, typeUrl, bytes, at, byte]) => {
      const any = { $typeName: "google.protobuf.Any" as const, typeUrl, value: bytes };
      const operation = {
        $typeName: "google.longrunning.Operation" as const,
        name,
        done: true,
        metadata: any,
        result: { case: "response" as const, value: any },
      };
      return spoilt(toBinary(OperationSchema, operation), at, byte);
    }),
);

/** Bytes that an HTTP/1.1 server may answer with, right or wrong. */
export const anyHttp1 = fc.oneof(
  fc.uint8Array({ maxLength: 200 }),
  anyText().map((text) => Buffer.from(`HTTP/1.1 200 OK\r\n${text}\r\n\r\n${text}`)),
  fc.tuple(anyStatus, anyHeaders, anyBody).map(([status, headers, body]) => {
    const lines = Object.entries(headers).map(([name, text]) => `${name}: ${text}\r\n`);
    return Buffer.concat([Buffer.from(`HTTP/1.1 ${status} x\r\n${lines.join("")}\r\n`, "latin1"), body]);
  }),
  anyBody.map((body) =>
    Buffer.concat([Buffer.from("HTTP/1.1 200 x\r\ncontent-encoding: gzip\r\n\r\n"), gzipSync(body)]),
  ),
);

/** HTTP/2 frames of any type, flags and stream, or what is no frame at all. */
export const anyFrames = fc.oneof(
  fc.uint8Array({ maxLength: 200 }),
  fc
    .array(
      fc
        .tuple(
          fc.nat({ max: 12 }),
          fc.nat({ max: 255 }),
          fc.constantFrom(0, 1, 2, 3),
          fc.uint8Array({ maxLength: 40 }),
        )
        .map(([type, flags, stream, payload]) => frame(type, flags, stream, payload)),
      { maxLength: 6 },
    )
    .map((frames) => Buffer.concat(frames)),
);

/** Names: any unicode, and much that means something to a URL, a path or HTTP. */
export const anyName = fc.oneof(
  anyText({ maxLength: 20 }),
  fc
    .array(
      fc.oneof(
        fc.constantFrom(
          ..."/ // . .. ? # % %2e %2F %00 \\ : @ & = ; operations :cancel http://evil.example.com".split(" "),
        ),
        fc.constantFrom(" ", "\r\n", "\0", "\t", "\u2028", "\ud800", "\u202e", "\uff0f", "\u3002", "\u0130"),
        fc.string({ unit: "grapheme", maxLength: 4 }),
      ),
      { maxLength: 8 },
    )
    .map((parts) => parts.join("")),
);

function spoilt(bytes: Uint8Array, at: number, byte: number): Uint8Array {
  if (bytes.length > 0) bytes[at % bytes.length] = byte;
  return bytes;
}
