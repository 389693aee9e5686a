// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from "node:fs";
import {
  createFileRegistry,
  type DescMessage,
  type DescMethod,
  type DescMethodServerStreaming,
  type DescMethodUnary,
  fromBinary,
  fromJson,
  type JsonObject,
  type JsonValue,
  type Message,
  toBinary,
  toJson,
} from "@bufbuild/protobuf";
import { FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import { StatusSchema } from "../../gen/google/rpc/status_pb.js";
import { createGrpcTransport } from "../../src/grpc.js";
import { type CallError, isCallError } from "../../src/index.js";

// A client for the runner of https://github.com/connectrpc/conformance (docs/testing_clients.md there): it reads calls from
// standard input, makes them over gRPC, and writes what became of them. `npm run test:conformance` runs it.

/** Calls under way at one time: each has a connection of its own, and some have two seconds. */
const AT_ONCE = 4;

const PACKAGE = "connectrpc.conformance.v1";
const [descriptors = ""] = process.argv.slice(2);
const registry = createFileRegistry(fromBinary(FileDescriptorSetSchema, readFileSync(descriptors)));

interface Header {
  readonly name: string;
  readonly value: readonly string[];
}

/** A ClientCompatRequest, as ProtoJSON has it. */
interface CallOrder {
  readonly testName: string;
  readonly host: string;
  readonly port: number;
  readonly serverTlsCert?: string;
  readonly clientTlsCreds?: { readonly cert: string; readonly key: string };
  readonly messageReceiveLimit?: number;
  readonly service: string;
  readonly method: string;
  readonly requestHeaders?: readonly Header[];
  readonly requestMessages?: readonly (JsonObject & { readonly "@type": string })[];
  readonly timeoutMs?: number;
  readonly requestDelayMs?: number;
  readonly cancel?: { readonly afterCloseSendMs?: number; readonly afterNumResponses?: number };
}

function typeOf(name: string): DescMessage {
  const type = registry.getMessage(`${PACKAGE}.${name}`);
  if (type === undefined) throw new Error(`${PACKAGE}.${name} is not in ${descriptors}`);
  return type;
}

const ORDER = typeOf("ClientCompatRequest");
const REPORT = typeOf("ClientCompatResponse");

function methodOf({ service, method }: CallOrder): DescMethod {
  const found = registry.getService(service)?.methods.find(({ name }) => name === method);
  if (found === undefined) throw new Error(`${service} has no ${method}`);
  return found;
}

const isUnary = (method: DescMethod): method is DescMethodUnary => method.methodKind === "unary";
const isServerStream = (method: DescMethod): method is DescMethodServerStreaming =>
  method.methodKind === "server_streaming";

const pem = (text: string | undefined) => (text === undefined ? undefined : Buffer.from(text, "base64"));

function connect({ host, port, serverTlsCert, clientTlsCreds, messageReceiveLimit }: CallOrder) {
  const secure = serverTlsCert !== undefined;
  const tls = { ca: pem(serverTlsCert), cert: pem(clientTlsCreds?.cert), key: pem(clientTlsCreds?.key) };
  return createGrpcTransport({
    baseUrl: `${secure ? "https" : "http"}://${host}:${port}`,
    ...(secure && { tls }),
    ...(messageReceiveLimit && { maxResponseBytes: messageReceiveLimit }),
  });
}

const toHeaders = (headers: Iterable<[string, string]>): JsonValue =>
  [...headers].map(([name, value]) => ({ name, value: value.split(/, ?/) }));

/** Code, message and details of an error, and its metadata, which does not say whether headers or trailers brought it. */
function errorOf({ code, rawMessage, metadata, status }: CallError): JsonObject {
  const { details = [] } = toJson(StatusSchema, status, { registry }) as JsonObject;
  return {
    error: { code, message: rawMessage, details },
    responseHeaders: toHeaders(metadata),
    responseTrailers: toHeaders(metadata),
  };
}

async function runCall(order: CallOrder): Promise<JsonObject> {
  const method = methodOf(order);
  const [first = { "@type": "" }] = order.requestMessages ?? [];
  const { "@type": _, ...fields } = first;
  const request = fromJson(method.input, fields, { registry });
  const headers = new Headers();
  for (const { name, value } of order.requestHeaders ?? [])
    for (const one of value) headers.append(name, one);
  const payloads: JsonValue[] = [];
  const add = (message: Message) => {
    const { payload } = toJson(method.output, message, { registry }) as JsonObject;
    payloads.push(payload ?? {});
  };
  const controller = new AbortController();
  const { cancel, timeoutMs, requestDelayMs = 0 } = order;
  const cancelLater = () => {
    if (cancel === undefined || cancel.afterNumResponses !== undefined) return;
    setTimeout(() => controller.abort(), cancel.afterCloseSendMs ?? 0);
  };
  const transport = connect(order);
  let answered: JsonObject = {};
  try {
    await new Promise((resolve) => setTimeout(resolve, requestDelayMs));
    if (isUnary(method)) {
      const call = transport.unary(method, controller.signal, timeoutMs, headers, request);
      cancelLater();
      const { message, header, trailer } = await call;
      add(message);
      answered = { responseHeaders: toHeaders(header), responseTrailers: toHeaders(trailer) };
    } else if (isServerStream(method)) {
      const call = transport.stream(method, controller.signal, timeoutMs, headers, once(request));
      cancelLater();
      const { message, header, trailer } = await call;
      answered = { responseHeaders: toHeaders(header) };
      const abortAt = cancel?.afterNumResponses;
      if (abortAt === 0) controller.abort();
      for await (const one of message) {
        add(one);
        if (payloads.length === abortAt) controller.abort();
      }
      answered.responseTrailers = toHeaders(trailer);
    } else throw new Error(`${method.methodKind} is not supported`);
    return { ...answered, payloads };
  } catch (error) {
    if (!isCallError(error)) throw error;
    return { ...errorOf(error), ...answered, payloads };
  } finally {
    await transport.close();
  }
}

async function* once<T>(value: T) {
  yield value;
}

/** A message with its length before it, as the runner reads them. */
function write(report: JsonObject): void {
  const bytes = toBinary(REPORT, fromJson(REPORT, report, { registry }), {});
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  process.stdout.write(Buffer.concat([length, bytes]));
}

async function serve(bytes: Buffer): Promise<void> {
  const order = toJson(ORDER, fromBinary(ORDER, bytes), { registry }) as unknown as CallOrder;
  try {
    write({ testName: order.testName, response: await runCall(order) });
  } catch (error) {
    write({ testName: order.testName, error: { message: String(error) } });
  }
}

async function main(): Promise<void> {
  const underWay = new Set<Promise<void>>();
  let pending = Buffer.alloc(0);
  for await (const chunk of process.stdin) {
    pending = Buffer.concat([pending, chunk]);
    while (pending.length >= 4 && pending.length >= 4 + pending.readUInt32BE(0)) {
      const end = 4 + pending.readUInt32BE(0);
      const call = serve(pending.subarray(4, end)).finally(() => underWay.delete(call));
      underWay.add(call);
      pending = pending.subarray(end);
      if (underWay.size >= AT_ONCE) await Promise.race(underWay);
    }
  }
}

void main();
