// SPDX-License-Identifier: Apache-2.0

import type { DescService, Message } from "@bufbuild/protobuf";
import {
  Code,
  ConnectError,
  createServiceImplSpec,
  type HandlerContext,
  type MethodImplSpec,
  type ServiceImpl,
  type ServiceImplSpec,
} from "@connectrpc/connect";
import { codeName } from "../names/code-name.js";
import { connectionKey } from "./faults/connection.js";
import type { FaultsInCalls } from "./faults/faults.js";
import { openCallKey } from "./record.js";
import { requireReturned } from "./returned.js";

/** Hooks around every call of every service. */
export interface CallHooks {
  readonly faults: FaultsInCalls;
  /** Resolves when the call's changes are saved; `undefined` if they already are. */
  saved(): Promise<void> | undefined;
}

/**
 * A service as the emulator serves it over every protocol: each call of the implementation is recorded, subject to
 * faults, and saved. Missing methods are `UNIMPLEMENTED`.
 */
export function serviceSpec<S extends DescService>(
  service: S,
  implementation: Partial<ServiceImpl<S>>,
  hooks: CallHooks,
): ServiceImplSpec {
  const spec = createServiceImplSpec(service, implementation);
  const methods = Object.entries(spec.methods).map(
    ([name, method]) => [name, withHooks(method, hooks)] as const,
  );
  return { service, methods: Object.fromEntries(methods) };
}

function withHooks(spec: MethodImplSpec, hooks: CallHooks): MethodImplSpec {
  switch (spec.kind) {
    case "unary":
      return {
        ...spec,
        impl: (request: Message, context: HandlerContext) =>
          around(hooks, context, request, () => spec.impl(request, context)),
      };
    case "client_streaming":
      return {
        ...spec,
        impl: (requests: AsyncIterable<Message>, context: HandlerContext) =>
          around(hooks, context, undefined, () => spec.impl(requests, context)),
      };
    case "server_streaming":
      return {
        ...spec,
        impl: (request: Message, context: HandlerContext) =>
          aroundStream(hooks, context, request, () => spec.impl(request, context)),
      };
    case "bidi_streaming":
      return {
        ...spec,
        impl: (requests: AsyncIterable<Message>, context: HandlerContext) =>
          aroundStream(hooks, context, undefined, () => spec.impl(requests, context)),
      };
  }
}

async function around<T>(
  hooks: CallHooks,
  context: HandlerContext,
  request: Message | undefined,
  run: () => Promise<T> | T,
): Promise<T> {
  try {
    // Most calls wait for neither faults nor the file, so they skip the extra turns of the event loop.
    const struck = begin(hooks, context, request);
    const after = struck && (await struck);
    const response = await run();
    requireReturned(response, context.method, "message");
    const saving = hooks.saved();
    if (saving !== undefined) await saving;
    after?.();
    settle(context, undefined);
    return response;
  } catch (error) {
    throw settle(context, error);
  }
}

async function* aroundStream<T>(
  hooks: CallHooks,
  context: HandlerContext,
  request: Message | undefined,
  run: () => AsyncIterable<T>,
): AsyncIterable<T> {
  try {
    const after = await begin(hooks, context, request);
    for await (const response of run()) {
      requireReturned(response, context.method, "message");
      await hooks.saved();
      yield response;
    }
    after?.();
    settle(context, undefined);
  } catch (error) {
    throw settle(context, error);
  }
}

function begin(hooks: CallHooks, context: HandlerContext, request: Message | undefined) {
  const call = context.values.get(openCallKey);
  if (call !== undefined) call.message = request;
  return hooks.faults.strike(context, request);
}

/**
 * Records how the call ended, unless its connection was reset, since then no client got the result. Any other error
 * than a ConnectError is a bug in the implementation: `INTERNAL`, as in Connect.
 */
function settle(context: HandlerContext, error: unknown): ConnectError | undefined {
  const connectError = error === undefined ? undefined : ConnectError.from(error, Code.Internal);
  const call = context.values.get(openCallKey);
  const isReset = context.values.get(connectionKey)?.isReset() === true;
  if (call !== undefined && !isReset) call.status = codeName(connectError?.code ?? 0);
  return connectError;
}
