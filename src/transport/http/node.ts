// SPDX-License-Identifier: Apache-2.0
import type { Agent, ClientRequest } from "node:http";
import { DEFAULT_MAX_SOCKETS } from "../../budgets/budgets.js";
import type { Abort } from "../call/abort.js";
import { receivedHeaders } from "../call/lazy-response.js";
import type { Progress } from "../call/protocol.js";
import { addressOf } from "../endpoint.js";
import { createAdmission } from "./admission.js";
import { type CallRequestOptions, type Connections, createConnections } from "./agent.js";
import { checkConnectionOptions, checkMaxSockets } from "./connection-options.js";
import { ACCEPTED_CODINGS } from "./decompress.js";
import { type EngineOptions, type HttpEngine, type HttpRequest, SAYS_LENGTH } from "./engine.js";
import { fromEngineError, HttpError } from "./errors.js";
import { Exchange } from "./exchange.js";

export { createDispatcherEngine } from "./dispatcher.js";

/** The token of `x-goog-api-client` for what this engine runs on. */
export const runtimeToken: string = `gl-node/${process.versions.node}`;

/** Whether the engine lets a program say `user-agent`. */
export const sendsUserAgent = true;

/** Bun and Deno have a `node:http` of their own, which may take no notice of how an agent resolves names. */
const IS_NODE = process.versions.bun === undefined && !("Deno" in globalThis);

/** What requests are made with, loaded with the first of them: importing this library stays cheap. */
interface Client {
  readonly request: (options: CallRequestOptions) => ClientRequest;
  readonly connections: Connections;
}

/**
 * Creates the HTTP engine for Node, on `node:http` and `node:https`: HTTP/1.1 over connections that are kept alive, and
 * through the proxy that the option or the environment has for the server. How long a call may take is the call's own
 * business: the engine has no timeout but the one for idle connections. A redirect is not followed.
 *
 * @throws TypeError naming the option
 */
export function createHttpEngine(options: EngineOptions): HttpEngine {
  const { endpoint, maxSockets = DEFAULT_MAX_SOCKETS } = options;
  checkConnectionOptions(options, endpoint);
  checkMaxSockets(options.maxSockets);
  const toOptions = requestOptionsFor(endpoint.origin);
  const admission = createAdmission(maxSockets);
  let client: Client | undefined;

  const load = async (): Promise<Client> => {
    const { request, Agent } = endpoint.secure ? await import("node:https") : await import("node:http");
    client ??= { request, connections: createConnections(Agent, options) };
    return client;
  };
  return {
    resolvesLoopback: IS_NODE,
    send: async (request, abort, progress) => {
      const waiting = admission.enter(abort);
      if (waiting !== undefined) await waiting;
      if (abort.aborted) {
        // Aborted in the turn in which it could have gone.
        admission.leave();
        throw abort.reason;
      }
      const exchange = new Exchange(abort, admission.leave);
      try {
        client ??= await load();
        const options = toOptions(request, client.connections.agent, abort);
        if (exchange.state === "open")
          run(exchange, { client, request, progress, options, origin: endpoint.origin });
      } catch (error) {
        exchange.fail(fromEngineError(error, endpoint.origin, false));
      }
      return exchange.response;
    },
    close: async () => {
      await admission.close();
      client?.connections.agent.destroy();
    },
  };
}

interface Run {
  readonly client: Client;
  readonly request: HttpRequest;
  readonly progress: Progress;
  readonly options: CallRequestOptions;
  readonly origin: string;
}

/** Sends a request, and once more where that can do no harm; hands what happens to the exchange. */
function run(
  exchange: Exchange,
  { client, request, progress, options, origin }: Run,
  isSecond = false,
): void {
  const { connections } = client;
  const sent = client.request(options);
  let hasFailed = false;
  const fail = (error: unknown) => {
    // An error comes first and "close" behind it.
    if (exchange.state !== "open" || hasFailed) return;
    hasFailed = true;
    if (!isSecond && request.idempotent && isStale(sent, exchange, connections)) {
      // The other idle connections are as old as this one.
      connections.dropIdle();
      run(exchange, { client, request, progress, options, origin }, true);
      return;
    }
    exchange.fail(fromEngineError(error, origin, carried(sent, connections)));
  };
  sent.on("error", fail);
  sent.on("close", () => {
    // All that an unasked "101 Switching Protocols" gives, for one.
    if (exchange.status === 0)
      fail(new HttpError(`${origin}: the connection ended without a response`, "connection", true));
  });
  sent.on("response", (response) => {
    progress.requestSent = true;
    exchange.attach({
      pause: () => response.pause(),
      resume: () => response.resume(),
      destroy: () => sent.destroy(),
    });
    response.on("data", (chunk: Buffer) => exchange.push(chunk));
    response.on("error", (error) => exchange.fail(fromEngineError(error, origin, true)));
    response.on("end", () => {
      // A server that has not read all of the request does not get another one on this connection.
      if (!sent.writableFinished) sent.destroy();
      // In the next tick the connection is free for the caller's next request.
      process.nextTick(() => exchange.complete());
    });
    const { statusCode = 0, rawHeaders } = response;
    exchange.respond({
      status: statusCode,
      coding: headerIn(rawHeaders, "content-encoding"),
      headers: () => receivedHeaders(pairsOf(rawHeaders)),
    });
  });
  const destroy = () => {
    // Given up: only now does it matter whether the connection stood.
    if (carried(sent, connections) !== false) progress.requestSent = true;
    sent.destroy();
  };
  exchange.attach({ pause: () => undefined, resume: () => undefined, destroy });
  sent.end(request.body);
}

/** Whether a request can have gone out; `undefined` on a connection that is not ours. */
function carried({ socket }: ClientRequest, connections: Connections): boolean | undefined {
  return socket === null ? false : connections.carried(socket);
}

/** Whether a request met a kept connection that the server had closed: broken before a byte of a response. */
function isStale(sent: ClientRequest, exchange: Exchange, connections: Connections): boolean {
  return (
    sent.reusedSocket &&
    exchange.status === 0 &&
    sent.socket !== null &&
    !connections.hasReceived(sent.socket)
  );
}

/** What all requests have in common, and what each adds. */
function requestOptionsFor(origin: string) {
  const authority = new URL(origin).host;
  const { host, port } = addressOf(origin);
  return ({ method, path, headers, body }: HttpRequest, agent: Agent, abort: Abort): CallRequestOptions => {
    const lines = ["host", authority];
    for (const [name, value] of headers) lines.push(name, value);
    if (!headers.has("accept-encoding")) lines.push("accept-encoding", ACCEPTED_CODINGS);
    if (body !== undefined) lines.push("content-length", String(Buffer.byteLength(body)));
    else if (SAYS_LENGTH.has(method)) lines.push("content-length", "0");
    return { host, port, method, path, headers: lines, agent, abort };
  };
}

function headerIn(rawHeaders: readonly string[], wanted: string): string | undefined {
  let found: string | undefined;
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    if (rawHeaders[at]?.toLowerCase() !== wanted) continue;
    const value = rawHeaders[at + 1] ?? "";
    found = found === undefined ? value : `${found}, ${value}`;
  }
  return found;
}

function* pairsOf(rawHeaders: readonly string[]): Generator<[string, string]> {
  for (let at = 0; at + 1 < rawHeaders.length; at += 2)
    yield [rawHeaders[at] ?? "", rawHeaders[at + 1] ?? ""];
}
