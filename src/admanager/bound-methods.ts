// SPDX-License-Identifier: Apache-2.0
import type { DescMethod } from "@bufbuild/protobuf";
import { Code, type Transport } from "@connectrpc/connect";
import { Operations } from "../../gen/google/longrunning/operations_pb.js";
import { CallError } from "../errors/call-error.js";
import { selectorOf } from "../names/method-name.js";
import { AD_MANAGER_HTTP_RULES } from "./http-rules.js";

/**
 * The transport, for the methods that Ad Manager has. ListOperations, DeleteOperation and WaitOperation are refused
 * with `Unimplemented` before anything is sent: the bindings that they have elsewhere would get a page that says 404.
 */
export function boundMethodsOnly(transport: Transport): Transport {
  const bound = new Set(AD_MANAGER_HTTP_RULES.map((rule) => rule.selector));
  const isUnbound = (method: DescMethod) =>
    method.parent.typeName === Operations.typeName && !bound.has(selectorOf(method));
  return {
    unary: (method, ...call) =>
      isUnbound(method) ? Promise.reject(unboundError(method)) : transport.unary(method, ...call),
    stream: (method, ...call) => transport.stream(method, ...call),
  };
}

function unboundError(method: DescMethod): CallError {
  return new CallError({
    code: Code.Unimplemented,
    message:
      "nothing was sent: Ad Manager has no such method; of operations it has GetOperation and CancelOperation",
    method: selectorOf(method),
    requestSent: false,
  });
}
