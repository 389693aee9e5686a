// SPDX-License-Identifier: Apache-2.0
import type { DescMethod } from "@bufbuild/protobuf";
import { Code } from "@connectrpc/connect";
import { type Operation, Operations } from "../../gen/google/longrunning/operations_pb.js";
import { CallError } from "../errors/call-error.js";
import { selectorOf } from "../names/method-name.js";
import { isOutcome, type Snapshot } from "./snapshot.js";

/**
 * Whether a server's name and the one that was asked for are of one operation: their last segments are equal. Servers
 * swap a project's id and its number (AIP-2510), so the rest may differ.
 */
export function isSameOperationName(asked: string, received: string): boolean {
  return lastSegmentOf(asked) === lastSegmentOf(received);
}

/**
 * Rejects a response that is not about the operation that was asked for, so that no state is ever made up.
 *
 * @throws CallError `DataLoss` for another operation, and for a message without any content, as from a server that
 * responds to another request (a list, an empty body).
 */
export function checkPolled(method: DescMethod, asked: string, operation: Operation): void {
  const { name, done, metadata, result } = operation;
  if (name !== "" && isSameOperationName(asked, name)) return;
  const hasContent = done || metadata !== undefined || result.case !== undefined;
  if (name === "" && hasContent) return;
  throw new CallError({
    code: Code.DataLoss,
    message:
      name === ""
        ? "the response is not about an operation (no name, not done, no metadata)"
        : "the response is about another operation than the one asked for",
    method: selectorOf(method),
    operationName: asked,
    requestSent: true,
  });
}

/**
 * Rejects polling an operation without a name, which a server returns when it only validates a request. One that is done
 * needs no poll.
 */
export function checkNamed(name: string, known: Snapshot<unknown, unknown> | undefined): void {
  if (name !== "" || (known !== undefined && isOutcome(known))) return;
  throw new CallError({
    code: Code.InvalidArgument,
    message:
      "cannot poll: the server returned an operation without a name (usual for validate-only requests)",
    method: selectorOf(Operations.method.getOperation),
    operationName: name,
    requestSent: false,
  });
}

/** The operation's id, which tells it from others of its collection. */
export function lastSegmentOf(name: string): string {
  return name.slice(name.lastIndexOf("/") + 1);
}
