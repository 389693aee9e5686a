// SPDX-License-Identifier: Apache-2.0
import { createSocket } from "node:dgram";
import type { Act } from "./protocol.js";

// A DNS server on loopback that misbehaves once for each name that it is told of, and a client that waits for it for as long
// as it takes. RFC 1035, section 4.1.

const TYPE_A = 1;
const [NAME_ERROR, REFUSED] = [3, 5];
const RESPONSE = 0x8180; // a response, recursion desired and available
const HEADER_BYTES = 12;
const TTL_S = 60;

/** Starts it; resolves with its port. A name without an act is 127.0.0.1. */
export function startDns(actOf: (name: string) => Act | undefined, slowMs: number): Promise<number> {
  const socket = createSocket("udp4");
  socket.on("message", (query, { port, address }) => {
    const { name, type, end } = questionOf(query);
    const respond = (code: number, answer?: Buffer) => {
      const header = Buffer.alloc(HEADER_BYTES);
      query.copy(header, 0, 0, 2);
      header.writeUInt16BE(RESPONSE | code, 2);
      header.writeUInt16BE(1, 4);
      header.writeUInt16BE(answer === undefined ? 0 : 1, 6);
      socket.send(
        Buffer.concat([header, query.subarray(HEADER_BYTES, end), answer ?? Buffer.alloc(0)]),
        port,
        address,
      );
    };
    const honest = () => respond(0, type === TYPE_A ? loopbackRecord() : undefined);
    const act = actOf(name);
    if (act === "refuse") respond(REFUSED);
    else if (act === "reset") respond(NAME_ERROR);
    else if (act === "slow") setTimeout(honest, slowMs);
    else if (act !== "silence") honest();
  });
  return new Promise((resolve) => socket.bind(0, "127.0.0.1", () => resolve(socket.address().port)));
}

/** Asks a server on loopback for the IPv4 address of a host. @returns how to give up, too */
export function lookUp(host: string, port: number): { address: Promise<string>; close(): void } {
  const socket = createSocket("udp4");
  const labels = host.split(".").map((label) => Buffer.from(`${String.fromCharCode(label.length)}${label}`));
  const header = Buffer.from([0, 1, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0]); // one question, recursion desired
  socket.send(Buffer.concat([header, ...labels, Buffer.from([0, 0, TYPE_A, 0, 1])]), port, "127.0.0.1");
  const address = new Promise<string>((resolve, reject) => {
    socket.once("message", (response) => {
      socket.close();
      const code = response.readUInt8(3) & 0xf;
      if (code === 0) resolve(response.subarray(-4).join("."));
      else reject(Object.assign(new Error(`lookup of ${host}: RCODE ${code}`), { code: "ENOTFOUND" }));
    });
  });
  return { address, close: () => socket.close() };
}

function questionOf(query: Buffer) {
  const labels: string[] = [];
  let at = HEADER_BYTES;
  for (let length = query.readUInt8(at); length > 0; length = query.readUInt8(at)) {
    labels.push(query.toString("latin1", at + 1, at + 1 + length));
    at += 1 + length;
  }
  return { name: labels.join("."), type: query.readUInt16BE(at + 1), end: at + 5 };
}

/** The name of the question, A, IN, 127.0.0.1. */
function loopbackRecord(): Buffer {
  const record = Buffer.from([0xc0, HEADER_BYTES, 0, TYPE_A, 0, 1, 0, 0, 0, TTL_S, 0, 4, 127, 0, 0, 1]);
  return record;
}
