// SPDX-License-Identifier: Apache-2.0
import { create } from "@bufbuild/protobuf";
import {
  Code,
  ConnectError,
  createClient,
  createRouterTransport,
  type Interceptor,
  type Transport,
} from "@connectrpc/connect";
import { Operations } from "../../gen/google/longrunning/operations_pb.js";
import { ErrorInfoSchema } from "../../gen/google/rpc/error_details_pb.js";
import { type CallError, isCallError } from "../../src/index.js";

/** A server in memory that keeps the headers of each call and answers as told. */
export interface Server {
  /** The headers of each call, in order of arrival. */
  readonly calls: Headers[];
  /** A transport to it, through the interceptors given. */
  transport(...interceptors: Interceptor[]): Transport;
  /** A client over such a transport. */
  client(...interceptors: Interceptor[]): ReturnType<typeof createClient<typeof Operations>>;
}

/**
 * Creates a server of operations that are not done; `answer` throws for a call that fails. The first call is number 1.
 *
 * @param lastLook - the call from which on operations are done.
 */
export function createServer(
  answer: (headers: Headers, call: number) => void = () => {},
  lastLook = Number.POSITIVE_INFINITY,
): Server {
  const calls: Headers[] = [];
  const serve = (headers: Headers) => {
    calls.push(headers);
    answer(headers, calls.length);
  };
  const transport: Server["transport"] = (...interceptors) =>
    createRouterTransport(
      ({ service }) =>
        service(Operations, {
          getOperation: ({ name }, { requestHeader }) => {
            serve(requestHeader);
            return { name, done: calls.length >= lastLook };
          },
          cancelOperation: (_, { requestHeader }) => {
            serve(requestHeader);
            return {};
          },
        }),
      { transport: { interceptors } },
    );
  return {
    calls,
    transport,
    client: (...interceptors) => createClient(Operations, transport(...interceptors)),
  };
}

/** The answer to a refused credential. */
export const unauthenticated = () => new ConnectError("invalid credentials", Code.Unauthenticated);

/** An answer with a google.rpc.ErrorInfo of Google's own domain. */
export function denial(reason: string, metadata: Record<string, string> = {}, code = Code.PermissionDenied) {
  const error = new ConnectError("denied", code);
  const info = create(ErrorInfoSchema, { reason, domain: "googleapis.com", metadata });
  error.details.push({ desc: ErrorInfoSchema, value: info });
  return error;
}

/** What a call fails with; a test fails when it does not, or with anything else. */
export async function failureOf(call: Promise<unknown>): Promise<CallError> {
  const error = await call.then(
    () => {
      throw new Error("the call succeeded");
    },
    (reason: unknown) => reason,
  );
  if (!isCallError(error)) throw error;
  return error;
}

/** Never called: for credentials that need no library. */
export const noLibrary = () => Promise.reject(new Error("google-auth-library was loaded"));
