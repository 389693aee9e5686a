// SPDX-License-Identifier: Apache-2.0
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { createServer as createTlsServer, type TLSSocket } from "node:tls";
import { cert, key } from "../emulator/certificate.js";
import { createFrameParser, FLAG, FRAME, frame, hpack, uint32 } from "../http2-frames.js";
import { startDns } from "./dns.js";
import { type Act, type LabCase, type Order, type Stage, type Told, toHost, toKey } from "./protocol.js";

// The servers of the connect lab, a process of their own: each misbehaves at one stage of its first connection, and is an
// honest server of REST or gRPC afterwards. It is told what to serve, and tells when it has come so far.

const REFUSED_STREAM = 7;
const PAGE = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}";

/** How long a slow server takes for a stage. */
const SLOW_MS = 300;
/** A fatal alert: handshake_failure. RFC 8446, section 6. */
const TLS_ALERT = Buffer.from([21, 3, 3, 0, 2, 2, 40]);

const servers = new Map<string, { server: Server; sockets: Set<Socket>; port?: number }>();
/** What the next lookup of a name meets. */
const lookups = new Map<string, LabCase>();

process.on("message", (order: Order) => {
  if (order.kind === "stop") stop(toKey(order.case));
  else if (order.kind === "resolve") void resolve();
  else if (order.kind === "open") open(order.case);
  else serve(order);
});
process.on("disconnect", () => process.exit());

function tell(told: Told): void {
  process.send?.(told);
}

async function resolve(): Promise<void> {
  const actOf = (name: string) => {
    const labCase = lookups.get(name);
    lookups.delete(name);
    if (labCase !== undefined) tell({ kind: "reached", key: toKey(labCase) });
    return labCase?.act;
  };
  tell({ kind: "listening", key: "dns", port: await startDns(actOf, SLOW_MS) });
}

/** Listens on the port that refused until now. */
function open(labCase: LabCase): void {
  const found = servers.get(toKey(labCase));
  found?.server.listen(found.port, "127.0.0.1", () => {
    tell({ kind: "listening", key: toKey(labCase), port: found.port ?? 0 });
  });
}

function serve(order: Extract<Order, { kind: "serve" }>): void {
  const { protocol, tls, stage, act } = order.case;
  const sockets = new Set<Socket>();
  // The first connection is the bad one, however far its client lets it come.
  let firstPort: number | undefined;
  const stageOf = ({ remotePort }: Socket) => (remotePort === firstPort ? stage : "none");
  const reached = (socket: Socket) => {
    tell({ kind: "reached", key: toKey(order.case) });
    misbehave(socket, act);
  };
  const tlsServer = createTlsServer({ cert, key, ALPNProtocols: [protocol === "http2" ? "h2" : "http/1.1"] });
  tlsServer.on("tlsClientError", () => undefined);
  tlsServer.on("secureConnection", (socket: TLSSocket) => talk(socket, stageOf(socket)));
  const talk = (socket: Socket, at: Stage) => {
    socket.on("error", () => undefined);
    const speak = (from: Stage) => {
      if (protocol === "http1") speakHttp1(socket, from, act, reached);
      else speakHttp2(socket, from, act, reached);
    };
    if (at !== "settings" || act !== "slow") {
      speak(at);
      return;
    }
    tell({ kind: "reached", key: toKey(order.case) });
    setTimeout(() => speak("none"), SLOW_MS);
  };
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    socket.on("error", () => undefined);
    firstPort ??= socket.remotePort;
    const at = stageOf(socket);
    const goOn = () => {
      if (tls) tlsServer.emit("connection", socket);
      else talk(socket, "none");
    };
    if (at === "accept" || (at === "handshake" && tls)) {
      if (act === "slow") {
        tell({ kind: "reached", key: toKey(order.case) });
        setTimeout(goOn, SLOW_MS);
        return;
      }
      socket.resume(); // or it would never see that the other side has closed
      if (at === "accept") reached(socket);
      else {
        socket.once("data", () => {
          reached(socket);
          if (act === "refuse") socket.end(TLS_ALERT);
        });
      }
    } else if (tls) tlsServer.emit("connection", socket);
    else talk(socket, at);
  });
  const known: { server: Server; sockets: Set<Socket>; port?: number } = { server, sockets };
  servers.set(toKey(order.case), known);
  if (stage === "lookup") lookups.set(toHost(order.case), order.case);
  // A backlog of one, which others fill while this process stands still.
  server.listen({ port: 0, host: "127.0.0.1", ...(stage === "connect" && { backlog: 1 }) }, () => {
    const { port } = server.address() as AddressInfo;
    known.port = port;
    const listening = () => tell({ kind: "listening", key: toKey(order.case), port });
    if (stage === "connect" && act === "refuse") server.close(listening);
    else listening();
  });
}

function stop(key: string): void {
  const found = servers.get(key);
  servers.delete(key);
  for (const socket of found?.sockets ?? []) socket.destroy();
  found?.server.close();
}

function misbehave(socket: Socket, act: Act): void {
  if (act === "reset") socket.destroy();
  if (act === "half-close") socket.end();
}

function speakHttp1(socket: Socket, at: Stage, act: Act, reached: (socket: Socket) => void): void {
  let text = "";
  let bad = at === "response";
  socket.on("data", (chunk) => {
    text += chunk.toString("latin1");
    const end = text.indexOf("\r\n\r\n");
    if (end < 0) return;
    text = "";
    const respond = () => socket.write(PAGE);
    if (!bad) {
      respond();
      return;
    }
    bad = false;
    reached(socket);
    if (act === "slow") setTimeout(respond, SLOW_MS);
  });
}

function speakHttp2(socket: Socket, at: Stage, act: Act, reached: (socket: Socket) => void): void {
  const parse = createFrameParser();
  let bad = at === "response";
  if (at !== "settings") socket.write(frame(FRAME.settings, 0, 0));
  else {
    if (act === "goaway") socket.write(Buffer.concat([frame(FRAME.settings, 0, 0), goaway()]));
    socket.once("data", () => reached(socket));
  }
  const onRequest = (stream: number) => {
    if (at === "settings" && act !== "goaway") return;
    const respond = () => {
      const head = { ":status": "200", "content-type": "application/grpc" };
      socket.write(frame(FRAME.headers, 4, stream, hpack(head)));
      socket.write(frame(FRAME.data, 0, stream, Buffer.alloc(5)));
      socket.write(frame(FRAME.headers, 5, stream, hpack({ "grpc-status": "0" })));
    };
    if (!bad) {
      respond();
      return;
    }
    bad = false;
    if (act === "slow") setTimeout(respond, SLOW_MS);
    if (act === "refuse") socket.write(frame(FRAME.rstStream, 0, stream, uint32(REFUSED_STREAM)));
    if (act === "goaway") socket.write(goaway());
    reached(socket);
  };
  socket.on("data", (chunk: Buffer) => {
    for (const { type, flags, stream } of parse(chunk)) {
      const mute = at === "settings" && act !== "goaway";
      if (type === FRAME.settings && flags === 0 && !mute) socket.write(frame(FRAME.settings, 1, 0));
      if (type === FRAME.data && (flags & FLAG.endStream) !== 0) onRequest(stream);
    }
  });
}

/** It has processed nothing. RFC 9113, section 6.8. */
function goaway(): Buffer {
  return frame(FRAME.goaway, 0, 0, Buffer.alloc(8));
}
