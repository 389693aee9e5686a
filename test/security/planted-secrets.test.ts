// SPDX-License-Identifier: Apache-2.0
import diagnostics from "node:diagnostics_channel";
import type { ServerHttp2Stream } from "node:http2";
import { inspect } from "node:util";
import { create, toBinary } from "@bufbuild/protobuf";
import { anyPack } from "@bufbuild/protobuf/wkt";
import { createClient, type Interceptor, type Transport } from "@connectrpc/connect";
import { createGrpcTransport as createGrpcTransportOfConnect } from "@connectrpc/connect-node";
import { credentials } from "@grpc/grpc-js";
import { tracing } from "@opentelemetry/sdk-node";
import { UserRefreshClient } from "google-auth-library";
import { OperationSchema, Operations } from "../../gen/google/longrunning/operations_pb.js";
import { DebugInfoSchema } from "../../gen/google/rpc/error_details_pb.js";
import { StatusSchema } from "../../gen/google/rpc/status_pb.js";
import { googleAuth } from "../../src/auth.js";
import { createGrpcJsTransport, createGrpcTransport } from "../../src/grpc.js";
import {
  createOperationsClient,
  createRestTransport,
  type Observer,
  redactSecrets,
} from "../../src/index.js";
import { type DebugTopic, debugLines } from "../../src/observer/debug-lines.js";
import { openTelemetry } from "../../src/telemetry.js";
import { createTokenEndpoints, inAnHour } from "../auth/token-endpoints.js";
import { startHttp2Peer } from "../transport/grpc-peers.js";
import { startHttpServer } from "../transport/raw-server.js";
import { startConnectProxy } from "./connect-proxy.js";

// Servers that repeat everything secret that this process has ever sent anywhere, in every place of a response.

const SECRETS = {
  firstToken: "marked-first+token/1",
  secondToken: "marked-second+token/2",
  apiKey: "marked-api-key",
  ownHeader: "marked-own-header",
  cookie: "marked-cookie",
  refreshToken: "marked-refresh-token",
  clientSecret: "marked-client-secret",
  proxyPassword: "marked-proxy-password",
};
const name = "operations/1";

const base64 = (text: string) => Buffer.from(text).toString("base64");
const WRITINGS: [string, (text: string) => string][] = [
  ["as it is", (text) => text],
  ["in base64", base64],
  ["in base64 within a header", (text) => base64(`authorization: Bearer ${text}`)],
  ["percent-encoded", encodeURIComponent],
];

/** All secrets in one writing, behind enough text that a cut falls within them. */
let echo = "";

let server: { rest: string; grpc: string };
let place: string;

/** Responses over REST: status, headers, body. */
const REST: Record<string, () => [number, Record<string, string>, string]> = {
  message: () => [400, {}, error({ message: echo })],
  "debug info": () => [
    400,
    {},
    error({ details: [{ "@type": "type.googleapis.com/google.rpc.DebugInfo", detail: echo }] }),
  ],
  "a detail of an unknown type": () => [400, {}, error({ details: [{ "@type": "a/b", [echo]: [echo] }] })],
  "a header": () => [400, { "x-echo": echo, "x-request-id": echo }, error({})],
  "a page": () => [500, { "content-type": "text/html" }, `<title>${echo}</title>`],
  "text behind a long one": () => [500, {}, `${"x".repeat(1_000)} ${echo}`],
  "a redirect": () => [302, { location: `https://a.example/${echo}` }, ""],
  "the content type of what is not JSON": () => [200, { "content-type": echo }, "no JSON"],
  "the name of another operation": () => [200, {}, JSON.stringify({ name: `operations/${echo}` })],
  "the operation's error": () => [
    200,
    {},
    JSON.stringify({ name, done: true, error: { code: 3, ...failed() } }),
  ],
};
const failed = () => ({
  message: echo,
  details: [{ "@type": "type.googleapis.com/google.rpc.DebugInfo", detail: echo }],
});
const error = (fields: object) =>
  JSON.stringify({ error: { code: 400, status: "INVALID_ARGUMENT", message: "nope", ...fields } });

const HEAD = { ":status": 200, "content-type": "application/grpc" };
const debugInfo = () => anyPack(DebugInfoSchema, create(DebugInfoSchema, { detail: echo }));
const ended = (stream: ServerHttp2Stream, trailers: Record<string, string>) =>
  stream.respond({ ...HEAD, "grpc-status": "3", ...trailers }, { endStream: true });
const answered = (stream: ServerHttp2Stream, operation: Uint8Array) => {
  stream.respond(HEAD, { waitForTrailers: true });
  stream.on("wantTrailers", () => stream.sendTrailers({ "grpc-status": "0", "x-echo": echo }));
  const prefix = Buffer.alloc(5);
  prefix.writeUInt32BE(operation.length, 1);
  // In two frames, cut in the middle of a secret.
  const bytes = Buffer.concat([prefix, operation]);
  const cut = bytes.indexOf("marked") + 3;
  stream.write(bytes.subarray(0, cut));
  setImmediate(() => stream.end(bytes.subarray(cut)));
};

/** Responses over gRPC. */
const GRPC: Record<string, (stream: ServerHttp2Stream) => void> = {
  message: (stream) => ended(stream, { "grpc-message": encodeURIComponent(echo) }),
  "debug info": (stream) => {
    const status = create(StatusSchema, { code: 3, message: echo, details: [debugInfo()] });
    ended(stream, {
      "grpc-status-details-bin": Buffer.from(toBinary(StatusSchema, status)).toString("base64"),
    });
  },
  "a header": (stream) => ended(stream, { "x-echo": echo, "x-echo-bin": base64(echo), "x-request-id": echo }),
  "a trailer": (stream) => {
    stream.respond({ ...HEAD, "x-echo": echo }, { waitForTrailers: true });
    stream.on("wantTrailers", () => stream.sendTrailers({ "grpc-status": "3", "x-echo": echo }));
    stream.end();
  },
  "a page": (stream) => {
    stream.respond({ ":status": 500, "content-type": `text/html; ${echo.replaceAll("\n", " ")}` });
    stream.end(echo);
  },
  "the words of GOAWAY": (stream) => {
    stream.session?.goaway(11, 0, Buffer.from(echo));
    setImmediate(() => stream.session?.destroy());
  },
  "the name of another operation": (stream) =>
    answered(stream, toBinary(OperationSchema, create(OperationSchema, { name: `operations/${echo}` }))),
  "the operation's error": (stream) => {
    const value = create(StatusSchema, { code: 3, message: echo, details: [debugInfo()] });
    const operation = create(OperationSchema, { name, done: true, result: { case: "error", value } });
    answered(stream, toBinary(OperationSchema, operation));
  },
};

async function start(): Promise<typeof server> {
  const rest = await startHttpServer((_request, response) => {
    const [status, headers, body] = REST[place]?.() ?? [401, {}, ""];
    response.writeHead(status, { "content-type": "application/json", ...headers });
    response.end(body);
  });
  const peer = await startHttp2Peer((stream) => {
    stream.resume();
    GRPC[place]?.(stream);
  });
  return { rest: rest.baseUrl, grpc: peer.baseUrl };
}

/** Sends every secret somewhere, as programs do. */
async function sendAll(): Promise<void> {
  place = "none: every call is refused";
  const call = async (options: {
    interceptors?: Interceptor[];
    headers?: HeadersInit;
    proxy?: string;
    at?: string;
  }) => {
    const { interceptors = [], headers = {}, proxy, at = server.rest } = options;
    const transport = createRestTransport({
      baseUrl: at,
      interceptors,
      ...(proxy !== undefined && { proxy }),
    });
    await createClient(Operations, transport)
      .getOperation({ name }, { headers })
      .catch(() => undefined);
    await transport.close();
  };
  const { firstToken, secondToken, apiKey, ownHeader, cookie, refreshToken, clientSecret, proxyPassword } =
    SECRETS;
  await call({ interceptors: [googleAuth({ auth: ({ refresh }) => (refresh ? secondToken : firstToken) })] });
  await call({ interceptors: [googleAuth({ apiKey })] });
  await call({ headers: { "x-own-token": ownHeader, cookie: `a=${cookie}` } });
  const user = new UserRefreshClient({ clientId: "id", clientSecret, refreshToken });
  const token = { access_token: "marked-minted-token", expires_in: 3_600, expiry_date: inAnHour() };
  user.transporter.defaults = { fetchImplementation: createTokenEndpoints(() => ({ json: token })).fetch };
  await call({ interceptors: [googleAuth({ auth: user })] });
  const proxy = await startConnectProxy({ targetPort: 1, refusal: "HTTP/1.1 407 x\r\n\r\n" });
  await call({ at: "https://a.example", proxy: `http://user:${proxyPassword}@127.0.0.1:${proxy.port}` });
}

beforeEach(async () => {
  server = await start();
  await sendAll();
});

/** The texts that secrets hide in, decoded at every offset. */
function leaksIn(text: string): string[] {
  const percent = text.replace(/%([\da-f]{2})/gi, (_, code) =>
    String.fromCharCode(Number.parseInt(code, 16)),
  );
  const runs = new Set(text.match(/[\w+/-]{8,}/g));
  const decoded = [...runs].flatMap((run) =>
    [0, 1, 2, 3].map((offset) => Buffer.from(run.slice(offset), "base64").toString("latin1")),
  );
  return [text, percent, ...decoded].flatMap((one) => {
    const at = one.indexOf("marked");
    return at < 0 ? [] : [one.slice(Math.max(0, at - 20), at + 26)];
  });
}

/** Everything that can be printed of an error, with all that hangs on it. */
function printed(error: unknown): string {
  const parts = [inspect(error, { depth: 20 }), JSON.stringify(error), String(error), Object(error).stack];
  for (let part = error; part !== undefined; part = Reflect.get(Object(part), "cause")) {
    const isOutcome = Reflect.get(Object(part), "outcome") !== undefined; // it holds the operation as it came
    parts.push(inspect(part, { depth: 20, showHidden: !isOutcome, customInspect: false }));
    parts.push(inspect(Reflect.get(Object(part), "metadata"), { depth: 20, showHidden: true }));
  }
  return parts.join("\n");
}

type Open = (interceptors: Interceptor[]) => Transport;
const TRANSPORTS: [string, Record<string, unknown>, Open][] = [
  ["REST", REST, (interceptors) => createRestTransport({ baseUrl: server.rest, interceptors })],
  ["gRPC", GRPC, (interceptors) => createGrpcTransport({ baseUrl: server.grpc, interceptors })],
  [
    "grpc-js",
    GRPC,
    (interceptors) =>
      createGrpcJsTransport({
        address: new URL(server.grpc).host,
        credentials: credentials.createInsecure(),
        interceptors,
      }),
  ],
];
const CASES = TRANSPORTS.flatMap(([transport, places, open]) =>
  Object.keys(places).map((where) => ({ transport, where, open })),
);

test.each(CASES)(
  "no secret is shown when $transport repeats it in $where",
  async ({ where, open }) => {
    for (const [, write] of WRITINGS) {
      place = where;
      echo = Object.values(SECRETS).map(write).join(" ");
      const seen: unknown[] = [];
      const log: Interceptor = (next) => (request) =>
        next(request).catch((error: unknown) => {
          seen.push(error);
          throw error;
        });
      const transport = open([log, googleAuth({ token: "marked-latest-token" })]);
      const client = createOperationsClient({ transport, retry: false, polling: { maxServerErrors: 1 } });
      const timeoutMs = where === "the words of GOAWAY" ? 300 : 5_000; // that one is waited through
      const handle = client.operation(name);
      seen.push(await handle.result({ timeoutMs }).catch((error: unknown) => error));
      for await (const report of client.cancelOperations([name], { wait: true, timeoutMs })) {
        if ("error" in report) seen.push(report.error);
      }
      expect(seen.length).toBeGreaterThan(0);
      expect(seen.flatMap((error) => leaksIn(printed(error)))).toEqual([]);
      await Object(transport).close();
    }
  },
  60_000,
);

/** Everything that can be observed of a client: its events, the channels, the lines of the debug log, the spans. */
function observeAll() {
  const seen: unknown[] = [];
  const exporter = new tracing.InMemorySpanExporter();
  const spanProcessors = [new tracing.SimpleSpanProcessor(exporter)];
  const tracerProvider = new tracing.BasicTracerProvider({ spanProcessors });
  const telemetry = openTelemetry({ tracerProvider, operationNames: true });
  const note = (event: object) => void seen.push(event, Reflect.get(event, "error"));
  const observer: Observer = {
    onCall: (event) => void [note(event), telemetry.observer.onCall?.(event)],
    onAttempt: (event) => void [note(event), telemetry.observer.onAttempt?.(event)],
    onWait: (event) => void [note(event), telemetry.observer.onWait?.(event)],
    onPoll: (event) => void [note(event), telemetry.observer.onPoll?.(event)],
    onState: (event) => void [note(event), telemetry.observer.onState?.(event)],
    onTransientError: (event) => void [note(event), telemetry.observer.onTransientError?.(event)],
  };
  const topics = [...Object.keys(debugLines), "call", "transient-error"];
  const listeners = topics.map((topic) => {
    const listener = (event: unknown) => {
      note(Object(event));
      const lineOf = debugLines[topic as DebugTopic] as ((event: unknown) => unknown) | undefined;
      seen.push(lineOf?.(event));
    };
    diagnostics.subscribe(`longrunning:${topic}`, listener);
    return () => diagnostics.unsubscribe(`longrunning:${topic}`, listener);
  });
  return {
    observer,
    interceptor: telemetry.interceptor,
    end: () => {
      for (const stop of listeners) stop();
      const spans = exporter.getFinishedSpans();
      return [
        ...seen,
        ...spans.map(({ name, attributes, events, status }) => ({ name, attributes, events, status })),
      ];
    },
  };
}

test.each(CASES)(
  "no event, log line or span shows a secret that $transport repeats in $where",
  async ({ where, open }) => {
    for (const [, write] of WRITINGS.slice(0, 2)) {
      place = where;
      echo = Object.values(SECRETS).map(write).join(" ");
      const { observer, interceptor, end } = observeAll();
      const transport = open([interceptor, googleAuth({ token: "marked-latest-token" })]);
      const polling = { maxServerErrors: 1 };
      const client = createOperationsClient({ transport, retry: false, polling, observer });
      const timeoutMs = where === "the words of GOAWAY" ? 300 : 5_000; // that one is waited through
      const headers = { "x-own-token": "marked-own-token-of-a-call" };
      await client.getOperation(`operations/${SECRETS.apiKey}`, { headers }).catch(() => undefined);
      await client
        .operation(`operations/${SECRETS.apiKey}`)
        .result({ timeoutMs })
        .catch(() => undefined);
      const seen = end();
      expect(seen.length).toBeGreaterThan(10);
      expect(seen.flatMap((one) => leaksIn(printed(one)))).toEqual([]);
      await Object(transport).close();
    }
  },
  60_000,
);

test("what a response says is handed on as it is, and redactSecrets is there to print it", async () => {
  place = "the operation's error";
  echo = SECRETS.firstToken;
  const client = createOperationsClient({ transport: createRestTransport({ baseUrl: server.rest }) });
  const outcome = await client.operation(name).wait();
  expect(outcome).toMatchObject({ state: "failed", error: { message: SECRETS.firstToken } });
  const failure = await client
    .operation(name)
    .result()
    .catch((reason: unknown) => reason);
  expect(failure).toMatchObject({
    status: { message: SECRETS.firstToken },
    message: /INVALID_ARGUMENT: \[redacted\]$/,
  });
  expect(Object.keys(Object(failure))).not.toContain("status");
  expect(redactSecrets(inspect(outcome, { depth: 20 }))).not.toContain("marked");
});

test("a header of the call's own is not in its error over a transport of another library", async () => {
  place = "message";
  const secret = "marked-unseen-token";
  echo = secret;
  const transport = createGrpcTransportOfConnect({ baseUrl: server.grpc });
  const client = createOperationsClient({ transport, retry: false });
  const failure = await client
    .getOperation(name, { headers: { authorization: `Bearer ${secret}` } })
    .catch((reason: unknown) => reason);
  expect(leaksIn(printed(failure))).toEqual([]);
});
