// SPDX-License-Identifier: Apache-2.0
import { Code } from "@connectrpc/connect";
import type { CallOptions, ClientReadableStream, Metadata, StatusObject } from "@grpc/grpc-js";
import { CallError } from "../../../errors/call-error.js";
import { systemClock } from "../../../time/clock.js";
import type { GrpcAnswer, GrpcCall, GrpcEngine, GrpcStreamAnswer } from "../engine.js";
import { createGrpcJsChannel, type GrpcJsChannel } from "./grpc-js-channel.js";
import { fillMetadata, fromGrpcJsMetadata } from "./metadata.js";
import type { GrpcJsSource } from "./options.js";
import { statusFault } from "./status.js";

/**
 * Milliseconds by which the channel's own deadline is later than the call's: the call's timer ends it, so that its error
 * is the same over every transport.
 */
const DEADLINE_SLACK_MS = 20;

/** Creates the engine that runs calls over a channel of grpc-js. */
export function createGrpcJsEngine(source: GrpcJsSource): GrpcEngine {
  const channel = createGrpcJsChannel(source);
  return {
    unary: async (call) => unary(await channel.open(), call),
    serverStream: async (call) => serverStream(await channel.open(), call),
    close: () => channel.close(),
  };
}

function unary({ client, createMetadata }: GrpcJsChannel, call: GrpcCall): Promise<GrpcAnswer> {
  const { abort } = call;
  return new Promise((resolve, reject) => {
    if (abort.aborted) throw abort.reason;
    let header: Metadata | undefined;
    let message: Uint8Array | undefined;
    const running = started(() =>
      client.makeUnaryRequest(
        call.method.path,
        Buffer.from,
        toBytes,
        call.message,
        toMetadata(createMetadata(), call),
        toCallOptions(call),
        (error, value) => {
          stopListening();
          if (error === null) message = value;
          else reject(statusFault(error, header, error));
        },
      ),
    );
    const stopListening = abort.listen(() => {
      running.cancel();
      reject(abort.reason);
    });
    running.on("metadata", (received: Metadata) => {
      header = received;
    });
    running.on("status", ({ metadata }: StatusObject) => {
      if (message === undefined) return;
      resolve({
        message,
        header: () => fromGrpcJsMetadata(header),
        trailer: () => fromGrpcJsMetadata(metadata),
      });
    });
  });
}

async function serverStream(channel: GrpcJsChannel, call: GrpcCall): Promise<GrpcStreamAnswer> {
  const { abort } = call;
  if (abort.aborted) throw abort.reason;
  const running = started(() =>
    channel.client.makeServerStreamRequest(
      call.method.path,
      Buffer.from,
      toBytes,
      call.message,
      toMetadata(channel.createMetadata(), call),
      toCallOptions(call),
    ),
  );
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
    if (status.code !== 0) throw statusFault(status, header, undefined);
    for (const [name, value] of fromGrpcJsMetadata(status.metadata)) trailer.append(name, value);
  }
  return { header: fromGrpcJsMetadata(header), trailer, messages: messages(), cancel };
}

/** What grpc-js throws when a call is made is a refusal: its channel is closed, or was given something wrong. */
function started<T>(start: () => T): T {
  try {
    return start();
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new CallError({
      code: Code.FailedPrecondition,
      message: `grpc-js refuses the call: ${why}`,
      cause: error,
      requestSent: false,
    });
  }
}

/** The messages of a stream up to its end, whatever the end was: that is what its status tells. */
async function* messagesOf(running: ClientReadableStream<Uint8Array>): AsyncGenerator<Uint8Array, void> {
  try {
    yield* running;
  } catch {
    // The same as the status that follows.
  }
}

function toMetadata(metadata: Metadata, call: GrpcCall): Metadata {
  fillMetadata(metadata, call.metadata);
  return metadata;
}

function toCallOptions({ timeoutMs }: GrpcCall): CallOptions {
  return timeoutMs === undefined ? {} : { deadline: systemClock.now() + timeoutMs + DEADLINE_SLACK_MS };
}

/** A plain Uint8Array of its own, not a Buffer, so that `bytes` fields are equal whichever transport read them. */
function toBytes(message: Buffer): Uint8Array {
  return new Uint8Array(message);
}
