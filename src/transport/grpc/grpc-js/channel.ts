// SPDX-License-Identifier: Apache-2.0

import { Code } from "@connectrpc/connect";
import type { Client, Metadata } from "@grpc/grpc-js";
import type { CallError } from "../../../errors/call-error.js";
import { notSent } from "../engine.js";
import type { GrpcJsSource } from "./options.js";

const CLOSED = "the transport is closed; create another one";

/** A client of grpc-js, and what is needed of the package to call it. */
export interface GrpcJsChannel {
  readonly client: Client;
  createMetadata(): Metadata;
}

/** The channel of a transport, made by its first call. */
export interface GrpcJsChannelSource {
  /**
   * @throws CallError, not sent: `FailedPrecondition` after `close()` or when `@grpc/grpc-js` is not installed,
   *   `InvalidArgument` when the client or the credentials are of another copy of it, or cannot be used.
   */
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
      if (closed) return Promise.reject(notSent(Code.FailedPrecondition, CLOSED));
      opening ??= openChannel(source);
      return opening;
    },
    async close() {
      closed = true;
      if (source.kind === "given") return;
      // A channel that could not be opened needs no closing.
      const channel = await opening?.catch(() => undefined);
      channel?.client.close();
    },
  };
}

async function openChannel(source: GrpcJsSource): Promise<GrpcJsChannel> {
  const grpc = await loadGrpcJs();
  const createMetadata = () => new grpc.Metadata();
  // The options take any object of grpc-js's making, so that this package's types do without that package.
  if (source.kind === "given") {
    if (!(source.client instanceof grpc.Client)) throw otherCopy("client");
    return { client: source.client, createMetadata };
  }
  const { address, credentials = grpc.credentials.createSsl(), channelOptions, secure } = source;
  if (credentials instanceof grpc.CallCredentials) {
    throw notSent(
      Code.InvalidArgument,
      "credentials: CallCredentials (expected ChannelCredentials, such as credentials.combineChannelCredentials(credentials.createSsl(), these))",
    );
  }
  if (!(credentials instanceof grpc.ChannelCredentials)) throw otherCopy("credentials");
  if (secure && credentials.constructor === grpc.credentials.createInsecure().constructor) {
    throw notSent(Code.InvalidArgument, "secure: true is given, but the credentials are insecure ones");
  }
  try {
    return { client: new grpc.Client(address, credentials, channelOptions), createMetadata };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw notSent(Code.InvalidArgument, `grpc-js cannot open a channel: ${why}`, error);
  }
}

async function loadGrpcJs() {
  try {
    return await import("@grpc/grpc-js");
  } catch (error) {
    const message = "createGrpcJsTransport needs the package @grpc/grpc-js; install it";
    throw notSent(Code.FailedPrecondition, message, error);
  }
}

/** grpc-js knows its own objects by their classes: those of another copy fail in ways that nobody understands. */
function otherCopy(option: string): CallError {
  return notSent(
    Code.InvalidArgument,
    `${option}: made by another copy of @grpc/grpc-js than the one that this package loads (see npm ls @grpc/grpc-js)`,
  );
}
