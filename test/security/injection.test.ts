// SPDX-License-Identifier: Apache-2.0
import type { IncomingHttpHeaders } from "node:http2";
import { Code, createClient, type Transport } from "@connectrpc/connect";
import { Operations } from "../../gen/google/longrunning/operations_pb.js";
import { createGrpcTransport } from "../../src/grpc.js";
import { createRestTransport } from "../../src/index.js";
import { closedAfterTest, startHttp2Peer } from "../transport/grpc-peers.js";
import { httpAnswer, startRawServer } from "../transport/raw-server.js";
import { callErrorOf, createTestTransport } from "../transport/rest-fixture.js";

// What a caller hands over, and what of it stands on the wire. Unicode at random is in the fuzz tests.

const cancel = (transport: Transport, name: string, headers: HeadersInit = {}) =>
  createClient(Operations, transport).cancelOperation({ name }, { headers });

/** A REST server, and the request lines that it got. */
async function startRest() {
  const server = await startRawServer((socket) => socket.write(httpAnswer(200, "{}")));
  return { server, transport: createTestTransport({ baseUrl: `${server.baseUrl}/prefix` }) };
}

/** A gRPC server, and the headers that it got. */
async function startGrpc() {
  const seen: IncomingHttpHeaders[] = [];
  const { baseUrl } = await startHttp2Peer((stream, headers) => {
    seen.push(headers);
    stream.resume();
    stream.respond({ ":status": 200, "content-type": "application/grpc" }, { waitForTrailers: true });
    stream.on("wantTrailers", () => stream.sendTrailers({ "grpc-status": "0" }));
    stream.end(Buffer.alloc(5));
  });
  return { seen, transport: closedAfterTest(createGrpcTransport({ baseUrl })) };
}

/** A name, the path of the request line that it becomes over REST, and whether it is refused there. */
const NAMES: [name: string, path: string | "refused"][] = [
  ["operations/a", "operations/a"],
  ["operations/a?alt=media", "operations/a%3Falt%3Dmedia"],
  ["operations/a#fragment", "operations/a%23fragment"],
  ["operations/a%2Fb", "operations/a%252Fb"],
  ["operations/a\r\nx: y", "operations/a%0D%0Ax%3A%20y"],
  ["operations/a HTTP/1.1\r\n\r\nGET /evil", "operations/a%20HTTP/1.1%0D%0A%0D%0AGET%20/evil"],
  ["operations/\0", "operations/%00"],
  ["operations/\u202egnp", "operations/%E2%80%AEgnp"],
  ["operations/\uff0e\uff0e/x", "operations/%EF%BC%8E%EF%BC%8E/x"],
  ["operations/http://evil.example.com", "operations/http%3A//evil.example.com"],
  ["operations/..", "refused"],
  ["operations/../../v1/secrets/x", "refused"],
  ["operations/%2e%2e/x", "operations/%252e%252e/x"],
  ["operations/\ud800", "refused"],
  ["/operations/a", "refused"],
  ["//evil.example.com/operations/a", "refused"],
];

test.each(NAMES)("the name %j over REST: on the request line as %j", async (name, path) => {
  const { server, transport } = await startRest();
  if (path === "refused") {
    expect(await callErrorOf(cancel(transport, name))).toMatchObject({
      code: Code.InvalidArgument,
      requestSent: false,
    });
    expect(server.connections).toBe(0);
    return;
  }
  await cancel(transport, name);
  expect(server.requests).toHaveLength(1);
  expect(server.requests[0]?.split("\r\n")[0]).toBe(`POST /prefix/v1/${path}:cancel HTTP/1.1`);
});

test.each(NAMES)("the name %j over gRPC changes no header but an encoded one", async (name) => {
  const { seen, transport } = await startGrpc();
  await cancel(transport, name).catch(() => undefined);
  for (const headers of seen) {
    expect(headers[":path"]).toBe("/google.longrunning.Operations/CancelOperation");
    expect(headers["x-goog-request-params"] ?? "").toMatch(/^(name=[-\w.~%]+)?$/);
  }
});

test.each<[title: string, headers: Record<string, string>]>([
  ["a value with CR and LF", { "x-a": "b\r\nx-evil: 1" }],
  ["a value with LF", { "x-a": "b\nx-evil: 1" }],
  ["a value with NUL", { "x-a": "b\0c" }],
  ["a value beyond latin1", { "x-a": "\u2028" }],
  ["a name with a blank", { "x a": "b" }],
  ["a name with CR and LF", { "x-a\r\nx-evil": "b" }],
  ["a pseudo-header", { ":path": "/evil" }],
])("headers with %s are refused, and not shown", async (_title, headers) => {
  const rest = await startRest();
  const grpc = await startGrpc();
  for (const transport of [rest.transport, grpc.transport]) {
    // Past Connect's client, which would refuse them itself.
    const call = transport.unary(Operations.method.cancelOperation, undefined, undefined, headers, {
      name: "operations/1",
    });
    const error = await callErrorOf(call);
    expect(error).toMatchObject({ code: Code.InvalidArgument, requestSent: false });
    expect(error.message).not.toContain("evil");
  }
  expect(rest.server.connections).toBe(0);
  expect(grpc.seen).toEqual([]);
});

test("headers that frame the message are not the caller's", async () => {
  const { server, transport } = await startRest();
  await cancel(transport, "operations/1", {
    host: "evil.example.com",
    "content-length": "999",
    "transfer-encoding": "chunked",
    connection: "upgrade",
    upgrade: "h2c",
    expect: "100-continue",
  });
  const [head = ""] = server.requests;
  expect(head).toMatch(new RegExp(`\r\nhost: 127\\.0\\.0\\.1:${server.port}\r\n`, "i"));
  expect(head).toMatch(/\r\ncontent-length: 2\r\n/);
  expect(head).not.toMatch(/evil|999|chunked|upgrade|expect/);
});

test.each([
  ["credentials", "https://user:marker-of-a-secret@example.com"],
  ["a query", "https://example.com/?key=marker-of-a-secret"],
  ["a fragment", "https://example.com/#marker-of-a-secret"],
  ["a dot segment", "https://example.com/a/../b"],
  ["an encoded dot segment", "https://example.com/%2e%2e/b"],
  ["a backslash", "https://example.com\\@evil.example.com"],
  ["CR and LF", "https://example.com\r\nx: y"],
  ["another scheme", "file:///etc/passwd"],
  ["plain http to another machine", "http://example.com"],
  ["no host", "https://"],
])("a base URL with %s is refused by both, and its secret not repeated", (_title, baseUrl) => {
  for (const create of [createRestTransport, createGrpcTransport]) {
    const make = () => create({ baseUrl });
    expect(make).toThrow(TypeError);
    expect(make).not.toThrow("marker-of-a-secret");
  }
});
