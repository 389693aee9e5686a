// SPDX-License-Identifier: Apache-2.0
import { Code } from "@connectrpc/connect";
import type { CallOptions, ClientReadableStream, Metadata, ServiceError, StatusObject } from "@grpc/grpc-js";
import { CallError } from "../../../errors/call-error.js";
import { systemClock } from "../../../time/clock.js";
import { timedOut } from "../../call/abort.js";
import type { StreamResult, UnaryResult } from "../../call/protocol.js";
import { type GrpcCall, type GrpcEngine, isOverdue, notSent, timeLeftOf } from "../engine.js";
import { createGrpcJsChannel, type GrpcJsChannel } from "./channel.js";
import { fillMetadata, fromGrpcJsMetadata } from "./metadata.js";
import type { GrpcJsSource } from "./options.js";
import { type ChannelStatus, statusError } from "./status.js";

/** Creates the engine that runs calls over a channel of grpc-js. */
export function createGrpcJsEngine(source: GrpcJsSource): GrpcEngine {
  const channel = createGrpcJsChannel(source);
  return {
    unary: async (call) => unary(await channel.open(), call),
    serverStream: async (call) => serverStream(await channel.open(), call),
    close: () => channel.close(),
  };
}

/**
 * A unary call, run as one with a stream of responses: of a unary call grpc-js reads one message and waits, without an
 * end, for a status that it never comes to when there is a second one (docs/upstream.md).
 */
function unary(channel: GrpcJsChannel, call: GrpcCall): Promise<UnaryResult<Uint8Array>> {
  const { abort } = call;
  return new Promise((resolve, reject) => {
    if (abort.aborted) throw abort.reason;
    const running = start(channel, call);
    let header: Metadata | undefined;
    let status: StatusObject | undefined;
    const messages: Uint8Array[] = [];
    const fail = (reason: unknown) => {
      stopListening();
      running.cancel();
      reject(reason);
    };
    const stopListening = abort.listen(() => fail(abort.reason));
    const succeed = () => {
      const [message] = messages;
      if (message === undefined) {
        fail(countError("no message", header));
        return;
      }
      stopListening();
      const trailer = status?.metadata;
      resolve({
        message,
        header: () => fromGrpcJsMetadata(header),
        trailer: () => fromGrpcJsMetadata(trailer),
      });
    };
    running.on("metadata", (received: Metadata) => {
      header = received;
    });
    running.on("data", (message: Uint8Array) => {
      messages.push(message);
      if (messages.length > 1) fail(countError("more than one message", header));
    });
    running.on("error", (error: ServiceError) => fail(endingError(call, error, header, error)));
    running.on("status", (received: StatusObject) => {
      status = received;
      if (received.code === 0 && running.readableEnded) succeed();
    });
    running.on("end", () => {
      if (status?.code === 0) succeed();
    });
  });
}

async function serverStream(channel: GrpcJsChannel, call: GrpcCall): Promise<StreamResult<Uint8Array>> {
  const { abort } = call;
  if (abort.aborted) throw abort.reason;
  const running = start(channel, call);
  const cancel = () => running.cancel();
  abort.listen(cancel);
  running.on("error", () => {
    // Its status comes as an event of its own.
  });
  const ended = new Promise<StatusObject>((resolve) => {
    running.once("status", resolve);
  });
  const begun = new Promise<Metadata>((resolve) => {
    running.once("metadata", resolve);
  });
  const header = await Promise.race([begun, ended.then(() => undefined)]);
  if (abort.aborted) throw abort.reason;
  const trailer = new Headers();

  async function* messages() {
    yield* messagesOf(running);
    const status = await ended;
    if (abort.aborted) throw abort.reason;
    if (status.code !== 0) throw endingError(call, status, header, undefined);
    for (const [name, value] of fromGrpcJsMetadata(status.metadata)) trailer.append(name, value);
  }
  return { header: fromGrpcJsMetadata(header), trailer, messages: messages(), cancel };
}

/** @throws CallError `FailedPrecondition`, not sent, when the channel is closed or was given something wrong. */
function start({ client, createMetadata }: GrpcJsChannel, call: GrpcCall): ClientReadableStream<Uint8Array> {
  const { path } = call;
  try {
    const metadata = createMetadata();
    fillMetadata(metadata, call);
    const running = client.makeServerStreamRequest(
      path,
      Buffer.from,
      toBytes,
      call.message,
      metadata,
      toCallOptions(call),
    );
    call.progress.requestSent = true;
    return running;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw notSent(Code.FailedPrecondition, `grpc-js cannot start the call: ${why}`, error);
  }
}

/** The messages of a stream up to its end. How it ended is in its status. */
async function* messagesOf(running: ClientReadableStream<Uint8Array>): AsyncGenerator<Uint8Array, void> {
  try {
    yield* running;
  } catch {
    // The same as the status that follows.
  }
}

/** The statuses of a call whose deadline has passed, whether the channel, the server or the call's timer noticed first. */
const ENDED_BY_DEADLINE: readonly unknown[] = [Code.DeadlineExceeded, Code.Canceled];

function endingError(
  call: GrpcCall,
  status: ChannelStatus,
  header: Metadata | undefined,
  cause: ChannelStatus | undefined,
): Error {
  if (ENDED_BY_DEADLINE.includes(status.code) && isOverdue(call)) return timedOut();
  return statusError(status, header, cause);
}

/** gRPC's libraries agree on this code. */
function countError(count: string, header: Metadata | undefined): CallError {
  return new CallError({
    code: Code.Unimplemented,
    message: `the response has ${count}; expected one`,
    metadata: fromGrpcJsMetadata(header),
    requestSent: true,
  });
}

function toCallOptions(call: GrpcCall): CallOptions {
  const leftMs = timeLeftOf(call);
  return leftMs === Number.POSITIVE_INFINITY ? {} : { deadline: systemClock.now() + leftMs };
}

/** A plain Uint8Array of its own, not a Buffer, so that `bytes` fields are equal whichever transport read them. */
function toBytes(message: Buffer): Uint8Array {
  return new Uint8Array(message);
}
