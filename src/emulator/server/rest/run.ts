// SPDX-License-Identifier: Apache-2.0
import type { DescMessage, Message, MessageInitShape, Registry } from "@bufbuild/protobuf";
import { Code, ConnectError, type MethodImplSpec } from "@connectrpc/connect";
import type { Binding } from "../../../http-rule/binding.js";
import { isRaw, type RestBody } from "../../../http-rule/body/body.js";
import type { JsonOptions } from "../../../json/context.js";
import type { Connection } from "../../faults/connection.js";
import type { CallContext } from "../call-context.js";
import type { HttpResponse } from "../http-servers.js";
import { encodeResponse } from "./json.js";
import { errorBody, sendBytes, sendJson } from "./send.js";
import { type FilePiece, sendFile, sendStream } from "./stream.js";

/** A REST call whose message has been read. */
export interface RestRun {
  readonly binding: Binding;
  readonly message: Message;
  readonly context: CallContext;
  readonly response: HttpResponse;
  readonly connection: Connection;
  readonly json: JsonOptions;
  readonly registry: Registry;
}

/** Runs a method with one response. Throws the implementation's errors. */
export async function runUnary(
  spec: Extract<MethodImplSpec, { kind: "unary" }>,
  run: RestRun,
): Promise<void> {
  const { binding, context, response, connection, json } = run;
  const message = await spec.impl(run.message, context);
  if (connection.isReset()) return;
  const body = encodeResponse(binding, message, json);
  if (body.kind === "json") sendJson(response, 200, body.value, context.setHeaders);
  else sendBytes(response, 200, body, context.setHeaders);
}

/**
 * Runs a method that streams its response: as a JSON array, or as one file when its messages are
 * google.api.HttpBody. Throws errors of the implementation before its first message.
 */
export async function runStream(
  spec: Extract<MethodImplSpec, { kind: "server_streaming" }>,
  { binding, message, context, response, connection, json, registry }: RestRun,
): Promise<void> {
  const messages = untilReset(spec.impl(message, context), connection);
  const encode = (element: MessageInitShape<DescMessage>) => encodeResponse(binding, element, json);
  const headers = () => Object.fromEntries(context.setHeaders ?? []);
  if (isRaw(binding.response)) {
    await sendFile(response, filePieces(messages, encode), headers);
    return;
  }
  await sendStream(response, messages, {
    toJson: (element) => {
      const body = encode(element);
      return body.kind === "json" ? body.value : null; // raw ones are sent as a file
    },
    errorToJson: (reason) => errorBody(ConnectError.from(reason, Code.Internal), registry).body,
    headers,
  });
}

async function* filePieces<T>(
  messages: AsyncIterable<T>,
  encode: (message: T) => RestBody,
): AsyncIterable<FilePiece> {
  for await (const message of messages) {
    const body = encode(message);
    if (body.kind === "raw") yield body;
  }
}

/** Ends a stream without an error once the connection is reset: nobody would read the rest. */
async function* untilReset<T>(messages: AsyncIterable<T>, connection: Connection): AsyncIterable<T> {
  try {
    yield* messages;
  } catch (error) {
    if (!connection.isReset()) throw error;
  }
}
