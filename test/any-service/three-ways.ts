// SPDX-License-Identifier: Apache-2.0
import {
  create,
  createRegistry,
  type DescMessage,
  type DescMethodServerStreaming,
  type DescMethodUnary,
  type JsonObject,
  type Message,
  type MessageInitShape,
} from "@bufbuild/protobuf";
import { createRouterTransport, type Transport } from "@connectrpc/connect";
import { type Emulator, startEmulator } from "../../src/emulator.js";
import { toCallError } from "../../src/errors/call-error.js";
import { createGrpcTransport } from "../../src/grpc.js";
import { createRestTransport, type RestTransport } from "../../src/index.js";
import { selectorOf } from "../../src/names/method-name.js";
import { file_library_v1_appraisal } from "./gen/library/v1/appraisal_pb.js";
import { Library } from "./gen/library/v1/library_pb.js";
import { PaperSlips } from "./gen/library/v1/paper_slip_pb.js";
import { createLibraryServer, type LibraryServer } from "./library-server.js";

/** A way to the library: two of ours over a socket, and Connect's own without one, which is the measure. */
export interface Way {
  readonly transport: Transport;
  /** The server at its end. */
  readonly server: LibraryServer;
}

/** The library, served over REST, gRPC and in-process. */
export interface ThreeWays extends AsyncDisposable {
  readonly emulator: Emulator;
  readonly rest: Way & { readonly transport: RestTransport };
  readonly grpc: Way;
  readonly inProcess: Way;
}

/** Types that the server knows, and the client does not. */
const registry = createRegistry(file_library_v1_appraisal);

export async function startThreeWays(): Promise<ThreeWays> {
  const server = createLibraryServer();
  const emulator = await startEmulator({ registry });
  emulator.serve(Library, server.library);
  emulator.serve(PaperSlips, server.slips);
  const rest = createRestTransport({ baseUrl: emulator.baseUrl });
  const grpc = createGrpcTransport({ baseUrl: emulator.baseUrl });
  const local = createLibraryServer();
  const inProcess = createRouterTransport((router) => {
    router.service(Library, local.library);
    router.service(PaperSlips, local.slips);
  });
  return {
    emulator,
    rest: { transport: rest, server },
    grpc: { transport: grpc, server },
    inProcess: { transport: inProcess, server: local },
    [Symbol.asyncDispose]: async () => {
      await Promise.all([rest.close(), grpc.close()]);
      await emulator.close();
    },
  };
}

/** What came of a call: the request as the server got it, and the answers, the error, or both. */
export interface Outcome {
  readonly seen: readonly Message[];
  readonly answers: readonly Message[];
  /** The error as it is logged. */
  readonly error?: JsonObject;
}

/** How a call is made. */
export interface CallInit {
  readonly headers?: HeadersInit;
  readonly signal?: AbortSignal;
  /** Told of every answer as it comes. */
  readonly onAnswer?: (answer: Message) => void;
}

type Method = DescMethodUnary | DescMethodServerStreaming;

/** Calls a method and tells everything that can be seen of it on both sides. */
export async function outcomeOf<I extends DescMessage>(
  { transport, server }: Way,
  method: Method & { readonly input: I },
  request: MessageInitShape<I>,
  { headers, signal, onAnswer }: CallInit = {},
): Promise<Outcome> {
  server.seen.length = 0;
  const answers: Message[] = [];
  const take = (answer: Message) => {
    answers.push(answer);
    onAnswer?.(answer);
  };
  const ended = (error?: JsonObject): Outcome => ({
    seen: [...server.seen],
    answers,
    ...(error !== undefined && { error }),
  });
  try {
    if (method.methodKind === "unary") {
      take((await transport.unary(method, signal, undefined, headers, request)).message);
    } else {
      const answer = await transport.stream(method, signal, undefined, headers, once(request));
      for await (const message of answer.message) take(message);
    }
    return ended();
  } catch (error) {
    const message = create(method.input, request);
    const operationName = "name" in message && message.name !== "" ? String(message.name) : undefined;
    const context = { method: selectorOf(method), operationName, requestSent: true };
    return ended(toCallError(error, context).toJSON());
  }
}

/** A stream of one message. */
export async function* once<T>(message: T): AsyncGenerator<T> {
  yield message;
}
