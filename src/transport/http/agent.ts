// SPDX-License-Identifier: Apache-2.0
import type { Agent, RequestOptions } from "node:http";
import type { AgentOptions } from "node:https";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { Abort } from "../call/abort.js";
import { addressOf } from "../endpoint.js";
import { addressOptions } from "../loopback.js";
import type { EngineOptions } from "./engine.js";
import { type ProxyServer, proxyFor } from "./proxy-environment.js";
import { toConnectionOptions } from "./tls.js";

/** How long an idle connection is kept, in milliseconds, unless the server says less in its `keep-alive` header. */
const KEEP_ALIVE_MS = 60_000;

/** A request's options with what ends the call that it belongs to, for the tunnel that may have to be opened for it. */
export interface CallRequestOptions extends RequestOptions {
  readonly abort: Abort;
}

/** The kept connections of an engine. */
export interface Connections {
  readonly agent: Agent;
  /** Whether a request can have gone out on this connection; `undefined` for one that is not ours. */
  carried(socket: Duplex): boolean | undefined;
  /** Whether a byte has come on this connection since it was idle. */
  hasReceived(socket: Duplex): boolean;
  /** Closes the connections that no request uses. */
  dropIdle(): void;
}

interface ConnectionState {
  /** The connection stands, its TLS too. */
  ready: boolean;
  /** The bytes that had come when it was last idle. */
  idleBytesRead: number;
}

type OnConnection = (error: Error | null, socket?: Duplex) => void;

/**
 * Makes the agent of an engine: keep-alive connections to one server, straight or through a tunnel. An idle one does not
 * hold the process, and ends when the server sends what nobody has asked for, which would be taken for the response to
 * the next request.
 */
export function createConnections(
  AgentClass: new (options: AgentOptions) => Agent,
  { endpoint, tls, proxy: proxyOption }: EngineOptions,
): Connections {
  const { hostname, origin, secure } = endpoint;
  const tlsOptions = toConnectionOptions(tls);
  const states = new WeakMap<Duplex, ConnectionState>();
  const agent = new AgentClass({
    keepAlive: true,
    // Without it the server's own hint, `keep-alive: timeout=5`, is not heeded.
    timeout: KEEP_ALIVE_MS,
    ...addressOptions(hostname),
    ...(secure && tlsOptions),
  });
  const { createConnection, keepSocketAlive, reuseSocket } = agent;

  const connect = (options: RequestOptions): Duplex | undefined => {
    const socket = createConnection.call(agent, options) ?? undefined;
    if (socket === undefined) return undefined;
    const state = { ready: false, idleBytesRead: 0 };
    states.set(socket, state);
    socket.once(secure ? "secureConnect" : "connect", () => {
      state.ready = true;
    });
    return socket;
  };
  const connectThrough = async (proxy: ProxyServer, options: CallRequestOptions) => {
    const { openTunnel } = await import("./proxy.js");
    const { ca } = tlsOptions;
    const socket = await openTunnel({ ...addressOf(origin), proxy, ca, signal: options.abort.signal });
    // `socket` is an option of tls.connect, which https.Agent hands its options to.
    return connect({ ...options, socket } as RequestOptions);
  };
  // One server, so one name: the agent's own would be the text of all certificates, put together for each request.
  agent.getName = () => origin;
  const createEither = (options: CallRequestOptions, callback?: OnConnection) => {
    const proxy = proxyFor(origin, proxyOption);
    if (proxy === undefined) return connect(options);
    connectThrough(proxy, options).then(
      (socket) => callback?.(null, socket),
      (error: Error) => callback?.(error),
    );
    return undefined;
  };
  // An error is called back alone, which Node's types do not know.
  agent.createConnection = createEither as typeof createConnection;
  agent.keepSocketAlive = (socket: Socket) => {
    socket.on("data", dropUnasked);
    const state = states.get(socket);
    if (state !== undefined) state.idleBytesRead = socket.bytesRead;
    return keepSocketAlive.call(agent, socket);
  };
  agent.reuseSocket = (socket, request) => {
    socket.off("data", dropUnasked);
    reuseSocket.call(agent, socket, request);
  };
  return {
    agent,
    carried: (socket) => states.get(socket)?.ready,
    hasReceived: (socket) =>
      !("bytesRead" in socket) || socket.bytesRead !== states.get(socket)?.idleBytesRead,
    dropIdle: () => {
      for (const sockets of Object.values(agent.freeSockets))
        for (const socket of sockets ?? []) socket.destroy();
    },
  };
}

function dropUnasked(this: Duplex): void {
  this.destroy();
}
