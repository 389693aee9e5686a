// SPDX-License-Identifier: Apache-2.0

import { Code } from "@connectrpc/connect";
import type { ChannelCredentials, Client, Metadata } from "@grpc/grpc-js";
import { CallError } from "../../../errors/call-error.js";
import type { GrpcJsSource } from "./options.js";

/** A client of grpc-js, and what is needed of the package to call it. */
export interface GrpcJsChannel {
  readonly client: Client;
  createMetadata(): Metadata;
}

/** The channel of a transport, made by its first call. */
export interface GrpcJsChannelSource {
  /** @throws CallError `FailedPrecondition`, not sent, after `close()` or when `@grpc/grpc-js` is not installed. */
  open(): Promise<GrpcJsChannel>;
  /** Takes no more calls; closes the channel if it was made here, once the calls under way have ended. */
  close(): Promise<void>;
}

/** Loads `@grpc/grpc-js`, an optional peer of this package, when the first call needs it. */
export function createGrpcJsChannel(source: GrpcJsSource): GrpcJsChannelSource {
  let opening: Promise<GrpcJsChannel> | undefined;
  let closed = false;
  return {
    open() {
      if (closed) return Promise.reject(refusal("the transport is closed; create another one"));
      opening ??= openChannel(source);
      return opening;
    },
    async close() {
      closed = true;
      if (source.kind === "own") (await opening)?.client.close();
    },
  };
}

async function openChannel(source: GrpcJsSource): Promise<GrpcJsChannel> {
  const grpc = await loadGrpcJs();
  const createMetadata = () => new grpc.Metadata();
  // The options take any object of grpc-js's making, so that this package's types do without that package.
  if (source.kind === "given") return { client: source.client as Client, createMetadata };
  const credentials = (source.credentials as ChannelCredentials | undefined) ?? grpc.credentials.createSsl();
  return { client: new grpc.Client(source.address, credentials, source.channelOptions), createMetadata };
}

async function loadGrpcJs() {
  try {
    return await import("@grpc/grpc-js");
  } catch (error) {
    throw refusal("createGrpcJsTransport needs the package @grpc/grpc-js; install it", error);
  }
}

function refusal(message: string, cause?: unknown): CallError {
  return new CallError({ code: Code.FailedPrecondition, message, cause, requestSent: false });
}
