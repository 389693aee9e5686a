// SPDX-License-Identifier: Apache-2.0

import type {
  DescMessage,
  DescMethod,
  DescService,
  MessageInitShape,
  MessageShape,
} from "@bufbuild/protobuf";
import { Code, ConnectError, type HandlerContext, type ServiceImpl } from "@connectrpc/connect";
import type { Operation } from "../../gen/google/longrunning/operations_pb.js";
import { anyOfDetail, receivedDetails } from "../errors/error-details.js";
import type { OperationMethodTypes, ServiceOperations } from "../names/service-operations.js";
import type { EmulatorOperations } from "./emulator-operations.js";
import type { OperationScript } from "./operations/script.js";
import { requireReturned } from "./returned.js";
import { pack, packed, startsOperation } from "./script/method-script.js";

/** Metadata from a given time on, in milliseconds after the start. */
export interface CourseStep<M extends DescMessage> {
  /** Milliseconds after the start. */
  readonly afterMs: number;
  /** The metadata from then on. */
  readonly metadata: MessageInitShape<M>;
}

/** The course of an operation: a script whose messages are plain objects of the method's types. */
export interface OperationCourse<R extends DescMessage, M extends DescMessage>
  extends Omit<OperationScript, "response" | "metadata"> {
  /** Its response. `"none"` ends it with neither response nor error. @default the empty message */
  readonly response?: MessageInitShape<R> | "none" | undefined;
  /** One for its whole life, or several, each from its own time on. @default the empty message */
  readonly metadata?: MessageInitShape<M> | readonly CourseStep<M>[] | undefined;
}

const COURSE: unique symbol = Symbol("course");

/** Returned by an implementation instead of a response; created by its second argument. */
export interface Course {
  /** How the operation goes. */
  readonly [COURSE]: OperationCourse<DescMessage, DescMessage>;
}

/**
 * Implements a method that starts an operation. A plain response ends the operation at once. A promise of one leaves it
 * running until the promise settles: with the response, or with the error that it rejects with. `course({ durationMs,
 * metadata, response, … })` defines its course in the emulator's time. An error that is thrown fails the call.
 */
export type OperationImplementation<I extends DescMessage, R extends DescMessage, M extends DescMessage> = (
  request: MessageShape<I>,
  course: (course: OperationCourse<R, M>) => Course,
  context: HandlerContext,
) => MessageInitShape<R> | Course | Promise<MessageInitShape<R>>;

/** The implementation of a service: methods that start operations return the operations' responses, all others their own. */
export type ServiceOperationsImpl<S extends DescService, T extends ServiceOperations["methods"]> = Partial<
  Omit<ServiceImpl<S>, keyof T>
> & {
  readonly [K in keyof T]?: OperationImplementation<InputOf<S, K>, T[K]["response"], T[K]["metadata"]>;
};

/** The type of a method's request; a service that is only known at run time has no method names. */
type InputOf<S extends DescService, K> = K extends keyof S["method"] ? S["method"][K]["input"] : DescMessage;

/** The implementation for Connect: the results of methods that start operations are packed into operations. */
export function implementOperations(
  { service, methods }: ServiceOperations,
  implementation: object,
  operations: EmulatorOperations,
): object {
  const entries = Object.entries(implementation).map(([name, implement]) => {
    const [method, types] = [service.method[name], methods[name]];
    if (method === undefined || types === undefined || implement === undefined) return [name, implement];
    return [name, startedBy(implement, types, { operations, method })];
  });
  return Object.fromEntries(entries);
}

interface StartContext {
  readonly operations: EmulatorOperations;
  readonly method: DescMethod;
}

type AnyImplementation = OperationImplementation<DescMessage, DescMessage, DescMessage>;

function startedBy(implement: AnyImplementation, types: OperationMethodTypes, context: StartContext) {
  const { operations, method } = context;
  const packResponse = (response: unknown) =>
    pack(types.response, requireReturned(response, method, "response"));
  const begin = (script: OperationScript, request: object) =>
    startsOperation(operations, () => script)(request);
  return (request: MessageShape<DescMessage>, call: HandlerContext): Operation => {
    const metadata = pack(types.metadata, {});
    const returned = implement(request, (course) => ({ [COURSE]: course }), call);
    if (returned instanceof Promise) {
      const operation = begin({ durationMs: Number.POSITIVE_INFINITY, metadata }, request);
      void finishWith(operations, operation.name, returned.then(packResponse));
      return operation;
    }
    if (isCourse(returned)) return begin(packed(returned[COURSE], types), request);
    return begin({ durationMs: 0, response: packResponse(returned), metadata }, request);
  };
}

/** Ends an operation when a promise settles. No effect if it has ended otherwise or no longer exists. */
async function finishWith(
  operations: EmulatorOperations,
  name: string,
  response: Promise<ReturnType<typeof pack>>,
): Promise<void> {
  const end = await response.then(
    (packedResponse) => ({ response: packedResponse }),
    (reason: unknown) => ({ error: statusOf(reason) }),
  );
  const view = operations.find(name);
  if (view !== undefined && !view.deleted && !view.operation.done) operations.finish(name, end);
}

/** Any other error than a ConnectError is a bug in the implementation: `INTERNAL`, as in Connect. */
function statusOf(reason: unknown) {
  const { code, rawMessage, details } = ConnectError.from(reason, Code.Internal);
  return { code, message: rawMessage, details: receivedDetails(details).map(anyOfDetail) };
}

function isCourse(returned: object | undefined): returned is Course {
  return typeof returned === "object" && returned !== null && COURSE in returned;
}
