// SPDX-License-Identifier: Apache-2.0
// What stands before the emulator of the chaos run: it resets, half-closes and holds connections after a random number of
// bytes of either direction, that is in the connect, the TLS handshake, the HTTP/2 preface, a request or a response; and
// it changes its certificate.
import { once } from "node:events";
import { connect, createServer } from "node:net";
import { createServer as createTlsServer } from "node:tls";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

/** The emulator's own maker of certificates, which no entry point exports. */
async function loadCreateSelfSigned() {
  const source = fileURLToPath(new URL("../../src/emulator/tls/self-signed.ts", import.meta.url));
  const { outputFiles } = await build({
    entryPoints: [source],
    bundle: true,
    write: false,
    format: "esm",
    platform: "node",
  });
  const module = await import(`data:text/javascript,${encodeURIComponent(outputFiles[0].text)}`);
  return module.createSelfSigned;
}

/** Bytes within which a connection is young: a handshake and a first call. */
const YOUNG_BYTES = 6_000;
const OLD_BYTES = 2_000_000;
const HOLD_MS = 200;
const NEW_CERTIFICATE_MS = 1_000;
/** One change of certificate in so many is to one that no client trusts, for a moment. */
const UNTRUSTED_EVERY = 20;
const UNTRUSTED_MS = 20;

/** Starts the front of a server on `port`; resolves to its own port and to the authorities that clients are to trust. */
export async function startFront(port, tls) {
  const toPlain = (socket, left) => relay(socket, port, left);
  if (!tls) return { port: await listen((socket) => misbehave(socket, toPlain)), ca: undefined };
  const createSelfSigned = await loadCreateSelfSigned();
  const [first, second, untrusted] = [0, 1, 2].map(() => createSelfSigned(["localhost"], Date.now()));
  const server = createTlsServer({ ...first, ca: undefined, ALPNProtocols: ["h2", "http/1.1"] });
  /** The bytes that connections have to live, by the port of their client. */
  const bytesLeft = new Map();
  server.on("secureConnection", (socket) => {
    const left = bytesLeft.get(socket.remotePort) ?? Number.POSITIVE_INFINITY;
    bytesLeft.delete(socket.remotePort);
    relay(socket, port, left);
  });
  server.on("tlsClientError", () => undefined);
  let changes = 0;
  setInterval(() => {
    const use = ({ cert, key }) => server.setSecureContext({ cert, key });
    const next = ++changes % 2 === 0 ? first : second;
    if (changes % UNTRUSTED_EVERY !== 0) return use(next);
    use(untrusted);
    setTimeout(() => use(next), UNTRUSTED_MS);
  }, NEW_CERTIFICATE_MS).unref();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const inner = server.address().port;
  const toTls = (socket, left) => {
    // Cut off in the handshake or soon after it, by what it has in TLS; the others by what is in their TLS.
    if (left <= YOUNG_BYTES) return relay(socket, inner, left);
    socket.on("error", () => undefined);
    bytesLeft.set(socket.remotePort, left);
    server.emit("connection", socket);
  };
  return { port: await listen((socket) => misbehave(socket, toTls)), ca: first.ca + second.ca };
}

async function listen(onConnection) {
  const server = createServer(onConnection).listen(0, "127.0.0.1");
  await once(server, "listening");
  return server.address().port;
}

function misbehave(socket, pass) {
  const chance = Math.random();
  if (chance < 0.01) return socket.resetAndDestroy();
  if (chance < 0.03) return setTimeout(() => pass(socket, bytesToLive()), HOLD_MS);
  pass(socket, bytesToLive());
}

function bytesToLive() {
  const chance = Math.random();
  if (chance < 0.1) return Math.floor(Math.random() * YOUNG_BYTES);
  return chance < 0.7 ? Math.floor(Math.random() * OLD_BYTES) : Number.POSITIVE_INFINITY;
}

/** Passes bytes on until `left` of them, of both directions together, have passed. */
function relay(client, port, left) {
  const server = connect(port, "127.0.0.1");
  const end = () => {
    const reset = Math.random() < 0.5;
    for (const socket of [client, server]) reset ? socket.destroy() : socket.end();
  };
  for (const [from, to] of [
    [client, server],
    [server, client],
  ]) {
    from.on("error", () => undefined);
    from.on("close", (hadError) => {
      if (hadError) to.destroy();
      else to.end();
    });
    from.on("data", (chunk) => {
      if (!to.write(chunk.subarray(0, left))) {
        from.pause();
        to.once("drain", () => from.resume());
      }
      left -= chunk.length;
      if (left <= 0) end();
    });
  }
}
