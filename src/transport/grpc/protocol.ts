// SPDX-License-Identifier: Apache-2.0
import type { DescMessage, DescMethod, Message } from "@bufbuild/protobuf";
import { toBinary } from "@bufbuild/protobuf";
import { Code, ConnectError, type Transport } from "@connectrpc/connect";
import { type Routing, routingOf } from "../../http-rule/routing.js";
import { BinaryLimitError, decodeBinary } from "../../json/binary-limit.js";
import { type NamedMethod, namedMethodOf } from "../call/method.js";
import type { Protocol, SentRequest } from "../call/protocol.js";
import { createTransport, type TransportSettings } from "../call/transport.js";
import { type GrpcCall, type GrpcEngine, limitError } from "./engine.js";
import { checkHeaderBytes, metadataOf } from "./metadata.js";

/** A Connect transport that holds a connection. */
export interface GrpcTransport extends Transport, AsyncDisposable {
  /**
   * Takes no more calls, lets those under way end, and closes the connection if the transport made it; so does the end of an
   * `await using` block.
   */
  close(): Promise<void>;
}

/** What every call of one method has in common. */
export interface GrpcMethod extends NamedMethod {
  /** `/google.longrunning.Operations/CancelOperation`. */
  readonly path: string;
  /** Makes the value of `x-goog-request-params` of a request. */
  readonly routing: Routing;
}

/** Creates the transport that sends its calls through an engine. */
export function createGrpcTransportOver(engine: GrpcEngine, settings: TransportSettings): GrpcTransport {
  return {
    ...createTransport(createGrpcProtocol(engine, settings.origin), settings),
    close: () => engine.close(),
    [Symbol.asyncDispose]: () => engine.close(),
  };
}

function createGrpcProtocol(engine: GrpcEngine, origin: string): Protocol<GrpcMethod> {
  return {
    methodOf: createMethodLookup(),
    urlOf: ({ path }) => origin + path,
    unary: async (request) => {
      const response = await engine.unary(toGrpcCall(request));
      const message = fromResponseBytes(request.method.desc.output, response.message);
      return { message, header: response.header, trailer: response.trailer };
    },
    serverStream: async (request) => {
      const response = await engine.serverStream(toGrpcCall(request));
      return { ...response, messages: fromEachResponse(request.method.desc.output, response.messages) };
    },
    fromError: (error) => error,
  };
}

function createMethodLookup(): (desc: DescMethod) => GrpcMethod {
  const methods = new WeakMap<DescMethod, GrpcMethod>();
  return (desc) => {
    let method = methods.get(desc);
    if (method === undefined) {
      const path = `/${desc.parent.typeName}/${desc.name}`;
      method = { ...namedMethodOf(desc, "POST"), path, routing: routingOf(desc) };
      methods.set(desc, method);
    }
    return method;
  };
}

/** @throws ConnectError `InvalidArgument` for a header or a message that gRPC cannot carry */
function toGrpcCall({
  method,
  message,
  header,
  added,
  endsAtMs,
  abort,
  progress,
}: SentRequest<GrpcMethod>): GrpcCall {
  const routing = method.routing(message);
  const metadata = header === undefined && added === undefined ? undefined : metadataOf(header, added);
  checkHeaderBytes(routing, metadata);
  return {
    path: method.path,
    routing,
    metadata,
    message: toRequestBytes(method.desc.input, message),
    endsAtMs,
    abort,
    progress,
  };
}

/** @throws ConnectError `InvalidArgument` for values that the type cannot hold */
function toRequestBytes(desc: DescMessage, message: Message): Uint8Array {
  try {
    return toBinary(desc, message);
  } catch (error) {
    throw invalid("request", desc, Code.InvalidArgument, error);
  }
}

/** @throws ConnectError `Internal` for bytes that are no such message; CallError `ResourceExhausted` for one of too many fields */
function fromResponseBytes(desc: DescMessage, bytes: Uint8Array): Message {
  try {
    return decodeBinary(desc, bytes);
  } catch (error) {
    if (error instanceof BinaryLimitError) throw limitError(`the response ${error.message}`);
    throw invalid("response", desc, Code.Internal, error);
  }
}

async function* fromEachResponse(desc: DescMessage, messages: AsyncIterable<Uint8Array>) {
  for await (const bytes of messages) yield fromResponseBytes(desc, bytes);
}

function invalid(what: string, { typeName }: DescMessage, code: Code, cause: unknown): ConnectError {
  return new ConnectError(`the ${what} is no valid ${typeName}`, code, undefined, undefined, cause);
}
