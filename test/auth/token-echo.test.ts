// SPDX-License-Identifier: Apache-2.0
import { createServer as createHttpServer } from "node:http";
import { createServer as createHttp2Server } from "node:http2";
import type { AddressInfo, Server } from "node:net";
import { inspect } from "node:util";
import { ConnectError, createClient, type Interceptor, type Transport } from "@connectrpc/connect";
import { createGrpcTransport as createGrpcTransportOfConnect } from "@connectrpc/connect-node";
import { credentials } from "@grpc/grpc-js";
import { Operations } from "../../gen/google/longrunning/operations_pb.js";
import { googleAuth } from "../../src/auth.js";
import { createGrpcJsTransport, createGrpcTransport } from "../../src/grpc.js";
import { createRestTransport } from "../../src/index.js";
import { follow, lineRules } from "../transport/lines-service.js";
import { closeAfterTest } from "../transport/raw-server.js";
import { callErrorOf } from "../transport/rest-fixture.js";

const FIRST = "planted-first-token";
const SECOND = "planted-second-token";

/** What the servers here repeat: everything secret that they have ever been sent. */
let heard: string[];

beforeEach(() => {
  heard = [];
});

/** What a server repeats, in a form for each place. */
function echo(): { text: string; base64: string } {
  const text = heard.join(" ");
  return { text, base64: Buffer.from(`headers: ${text}`).toString("base64") };
}

function hear(headers: Record<string, unknown>): void {
  for (const name of ["authorization", "x-goog-api-key", "cookie"]) {
    if (typeof headers[name] === "string") heard.push(headers[name]);
  }
}

async function startRest(): Promise<string> {
  const server = createHttpServer((request, response) => {
    hear(request.headers);
    const { text, base64 } = echo();
    const details = [{ "@type": "type.googleapis.com/google.rpc.DebugInfo", detail: base64 }];
    const error = { error: { code: 401, status: "UNAUTHENTICATED", message: `I was sent ${text}`, details } };
    if (request.url?.includes(":follow")) {
      response.writeHead(200, { "content-type": "application/json" });
      // The token comes in two pieces, after a message that is fine.
      const body = `[{"text":"one"},${JSON.stringify(error)}]`;
      const middle = body.indexOf("planted") + 4;
      response.write(body.slice(0, middle));
      setImmediate(() => response.end(body.slice(middle)));
      return;
    }
    response.writeHead(401, { "content-type": "application/json", "x-echo": text, "x-echo-base64": base64 });
    response.end(JSON.stringify(error));
  });
  return listen(server);
}

async function startHttp2(): Promise<string> {
  const server = createHttp2Server();
  server.on("stream", (stream, headers) => {
    hear(headers);
    const { text, base64 } = echo();
    const status = {
      "grpc-status": "16",
      "grpc-message": encodeURIComponent(`I was sent ${text}`),
      "x-echo": text,
      "x-echo-bin": base64,
    };
    stream.on("error", () => undefined);
    if (!String(headers[":path"]).endsWith("/Follow")) {
      stream.respond({ ":status": 200, "content-type": "application/grpc", ...status }, { endStream: true });
      return;
    }
    stream.respond({ ":status": 200, "content-type": "application/grpc" }, { waitForTrailers: true });
    stream.on("wantTrailers", () => stream.sendTrailers(status));
    stream.end(Buffer.alloc(5)); // an empty message
  });
  return listen(server);
}

async function listen(server: Server): Promise<string> {
  const sockets = new Set<{ destroy(): unknown }>();
  server.on("connection", (socket) => sockets.add(socket));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closeAfterTest(() => {
    for (const socket of sockets) socket.destroy();
    return new Promise((resolve) => server.close(() => resolve()));
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

type Open = (interceptors: Interceptor[]) => Promise<Transport>;

const transports: [string, Open][] = [
  [
    "REST",
    async (interceptors) =>
      createRestTransport({ baseUrl: await startRest(), interceptors, httpRules: lineRules }),
  ],
  ["gRPC", async (interceptors) => createGrpcTransport({ baseUrl: await startHttp2(), interceptors })],
  [
    "grpc-js",
    async (interceptors) => {
      const address = new URL(await startHttp2()).host;
      return createGrpcJsTransport({ address, credentials: credentials.createInsecure(), interceptors });
    },
  ],
  [
    "connect-node's gRPC",
    async (interceptors) => createGrpcTransportOfConnect({ baseUrl: await startHttp2(), interceptors }),
  ],
];

/** A token function whose second token replaces the first one once that was refused. */
const auth = () => googleAuth({ auth: ({ refresh }) => (refresh ? SECOND : FIRST) });

/** Reads a stream to its error. */
async function read(transport: Transport, header?: HeadersInit): Promise<unknown> {
  const query = (async function* () {
    yield { name: "logs/1" };
  })();
  const { message } = await transport.stream(follow, undefined, undefined, header, query);
  for await (const _ of message);
  return undefined;
}

/** Everything that can be printed of an error, its hidden parts and all that they hold. */
function printed(error: unknown): string {
  const parts = [inspect(error, { depth: 20 }), JSON.stringify(error), String(error)];
  for (let part = error; part !== undefined; part = Reflect.get(Object(part), "cause")) {
    parts.push(inspect(part, { depth: 20, showHidden: true, customInspect: false }));
    if (!(part instanceof ConnectError)) continue;
    parts.push(part.stack ?? "", inspect([...part.metadata]));
    for (const detail of part.details) {
      if ("type" in detail) parts.push(Buffer.from(detail.value).toString("latin1"));
    }
  }
  return parts.join("\n");
}

function expectNoEcho(...errors: unknown[]): void {
  expect(heard.length).toBeGreaterThan(0);
  const texts = errors.map(printed);
  for (const text of texts) {
    // In base64, too, wherever the token began in it.
    const decoded = (text.match(/[\w+/-]{8,}/g) ?? []).map((run) =>
      Buffer.from(run, "base64").toString("latin1"),
    );
    expect([text, ...decoded].filter((one) => /planted-(first|second|own)/.test(one))).toEqual([]);
    expect(text).toContain("I was sent");
  }
}

describe.each(transports)("over %s", (name, open) => {
  test("no token is in the error of a call, nor in that of the call after it", async () => {
    const seen: unknown[] = [];
    const log: Interceptor = (next) => (request) =>
      next(request).catch((error: unknown) => {
        seen.push(error);
        throw error;
      });
    const transport = await open([log, auth()]);
    const client = createClient(Operations, transport);
    const first = await callErrorOf(client.cancelOperation({ name: "operations/1" }));
    expect(heard).toEqual([`Bearer ${FIRST}`, `Bearer ${SECOND}`]);
    const later = await callErrorOf(client.listOperations({ name: "operations" }));
    expectNoEcho(first, later, ...seen);
  });

  test("no token is in the error that ends a stream", async () => {
    const transport = await open([auth()]);
    const client = createClient(Operations, transport);
    await callErrorOf(client.getOperation({ name: "operations/1" }));
    const error = await read(transport).catch((reason: unknown) => reason);
    expect(heard).toContain(`Bearer ${SECOND}`);
    expectNoEcho(error);
  });

  test("no header of the call's own is in its error", async () => {
    const transport = await open(name.startsWith("connect-node") ? [auth()] : []);
    const own = [
      { authorization: "Bearer planted-own-token" },
      { authorization: `Basic ${btoa("user:planted-own-password")}` },
      { "x-goog-api-key": "planted-own-key" },
      ...(name.startsWith("connect-node") ? [] : [{ cookie: "planted-own-cookie" }]),
    ];
    for (const headers of own) {
      heard = [];
      const call = createClient(Operations, transport).getOperation({ name: "operations/1" }, { headers });
      const stream = read(transport, headers);
      expectNoEcho(await callErrorOf(call), await stream.catch((reason: unknown) => reason));
    }
  });
});
