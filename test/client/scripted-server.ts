// SPDX-License-Identifier: Apache-2.0
import {
  create,
  type DescMessage,
  type DescMethodUnary,
  type MessageInitShape,
  toBinary,
  toJson,
} from "@bufbuild/protobuf";
import { anyPack } from "@bufbuild/protobuf/wkt";
import { Code, ConnectError, createContextValues, type Transport } from "@connectrpc/connect";
import { runUnaryCall } from "@connectrpc/connect/protocol";
import {
  RunReportMetadataSchema,
  RunReportResponseSchema,
} from "../../gen/google/ads/admanager/v1/report_service_pb.js";
import type { OperationSchema } from "../../gen/google/longrunning/operations_pb.js";
import { type Clock, createOperationsClient, type OperationsClientOptions } from "../../src/index.js";
import { createFakeClock } from "../../src/testing.js";
import { hasCredential, LANE_TOKEN, laneCredential } from "../credential-lane.js";

/** A call as the server saw it. */
export interface SeenCall {
  /** The method's short name. */
  readonly method: string;
  readonly name: string;
  /** When it came, in milliseconds since the server was made, to the microsecond. */
  readonly atMs: number;
  readonly timeoutMs: number | undefined;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: the message of whichever method was called; tests look into it freely.
  readonly message: any;
}

type OperationInit = MessageInitShape<typeof OperationSchema>;

/** What the server returns: a message, an error, or a promise of one; those of an array one by one, the last one for ever. */
export type Scripted =
  | object
  | ConnectError
  | Promise<object>
  | ((call: SeenCall) => object | Promise<object>);
export type Script = Partial<Record<string, Scripted | readonly Scripted[]>>;

/** A transport to a server that responds by script, at the moment of the call, and writes down what it saw. */
export interface ScriptedServer {
  readonly transport: Transport;
  readonly calls: readonly SeenCall[];
  /** Replaces responses from now on. */
  script(script: Script): void;
  /** `method@milliseconds` of each call, short enough to compare as a list. */
  readonly times: string[];
  /** Calls under way. */
  readonly underWay: number;
}

/** Creates the server. A method without a script is UNIMPLEMENTED. */
export function createScriptedServer(clock: Clock, script: Script = {}): ScriptedServer {
  const calls: SeenCall[] = [];
  const startMs = clock.now();
  let responses: Script = { ...script };
  const counts = new Map<string, number>();
  let underWay = 0;

  const responseTo = async (call: SeenCall): Promise<object> => {
    const planned = responses[call.method];
    const count = counts.get(call.method) ?? 0;
    counts.set(call.method, count + 1);
    const response: Scripted | undefined = Array.isArray(planned)
      ? planned[Math.min(count, planned.length - 1)]
      : (planned as Scripted | undefined);
    if (response === undefined) throw new ConnectError(`no ${call.method}`, Code.Unimplemented);
    if (response instanceof ConnectError) throw response;
    return typeof response === "function" ? response(call) : response;
  };
  const handle = async (
    method: DescMethodUnary,
    signal: AbortSignal | undefined,
    timeoutMs: number | undefined,
    header: HeadersInit | undefined,
    message: object,
  ) => {
    const name = "name" in message ? String(message.name) : "";
    const call = {
      method: method.name,
      name,
      atMs: Math.round((clock.now() - startMs) * 1000) / 1000,
      timeoutMs,
      headers: new Headers(header),
      message,
    };
    calls.push(call);
    assertEncodable(method.input, message);
    underWay += 1;
    try {
      const response = await untilAborted(responseTo(call), signal);
      const { headers, ...init } = response as { headers?: HeadersInit };
      return {
        stream: false as const,
        service: method.parent,
        method,
        header: new Headers(headers),
        trailer: new Headers(),
        message: create(method.output, init),
      };
    } finally {
      underWay -= 1;
    }
  };
  const credential = laneCredential();
  /** The same, as a transport with an interceptor that adds a credential has it. */
  const handleWithCredential: typeof handle = (method, signal, timeoutMs, header, message) =>
    runUnaryCall<DescMessage, DescMessage>({
      interceptors: [credential],
      ...(signal !== undefined && { signal }),
      req: {
        stream: false,
        service: method.parent,
        method,
        requestMethod: "POST",
        url: `https://scripted.test/${method.parent.typeName}/${method.name}`,
        header: new Headers(header),
        contextValues: createContextValues(),
        message: create(method.input, { ...message }),
      },
      next: async (request) => {
        if (request.header.get("authorization") !== `Bearer ${LANE_TOKEN}`) throw new Error("no credential");
        request.header.delete("authorization");
        return handle(method, request.signal, timeoutMs, request.header, request.message);
      },
    });
  return {
    transport: {
      unary: (hasCredential ? handleWithCredential : handle) as Transport["unary"],
      stream: () => Promise.reject(new Error("no streams here")),
    },
    calls,
    script(more) {
      responses = { ...responses, ...more };
      for (const method of Object.keys(more)) counts.delete(method);
    },
    get times() {
      return calls.map((call) => `${call.method}@${call.atMs}`);
    },
    get underWay() {
      return underWay;
    },
  };
}

/** A message that no wire can carry, such as a Duration of a fraction of a nanosecond, fails as it does over a socket. */
function assertEncodable(desc: DescMessage, init: object): void {
  const message = create(desc, { ...init });
  toBinary(desc, message);
  toJson(desc, message);
}

function untilAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return promise;
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(new ConnectError("the transport was told to stop", Code.Canceled));
    signal.addEventListener("abort", onAbort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", onAbort));
  });
}

export const NAME = "networks/123/operations/reports/runs/456";
export const RUN_TYPES = { response: RunReportResponseSchema, metadata: RunReportMetadataSchema };

/** A run under way, so many percent done. */
export function running(percentComplete = 0, name = NAME): OperationInit {
  return { name, metadata: progress({ percentComplete }) };
}

/** A run that ended well. */
export function succeeded(name = NAME): OperationInit {
  const response = anyPack(
    RunReportResponseSchema,
    create(RunReportResponseSchema, { reportResult: "results/1" }),
  );
  return {
    name,
    done: true,
    metadata: progress({ percentComplete: 100 }),
    result: { case: "response", value: response },
  };
}

/** A run that ended with an error; code 1 is CANCELLED. */
export function failed(code: number, message = "", name = NAME): OperationInit {
  return {
    name,
    done: true,
    result: { case: "error", value: { $typeName: "google.rpc.Status", code, message, details: [] } },
  };
}

function progress(metadata: MessageInitShape<typeof RunReportMetadataSchema>) {
  return anyPack(RunReportMetadataSchema, create(RunReportMetadataSchema, metadata));
}

/** A response that never comes. */
export const never: Promise<object> = new Promise(() => undefined);

/** How often a call is sent that ends with a code at once: a credential that is refused is refreshed once. */
export function timesSent(code: unknown): number {
  return hasCredential && code === Code.Unauthenticated ? 2 : 1;
}

/** An error as a server gives it. */
export function unavailable(headers?: HeadersInit): ConnectError {
  return new ConnectError("come back later", Code.Unavailable, headers);
}

/** The chance that shortens nothing. */
export const noChance = () => 0;

/** A client over a scripted server, without retries and without chance unless the options say so, and a run's handle. */
export function setUp(script: Script, options: Partial<OperationsClientOptions> = {}) {
  const clock = createFakeClock();
  const server = createScriptedServer(clock, script);
  const client = createOperationsClient({
    transport: server.transport,
    clock,
    random: noChance,
    retry: false,
    ...options,
  });
  return { clock, server, client, run: client.operation(NAME, RUN_TYPES) };
}
