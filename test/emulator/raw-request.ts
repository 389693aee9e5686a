// SPDX-License-Identifier: Apache-2.0
import { connect } from "node:net";

/** An HTTP/1.1 answer, as it came. */
export interface RawAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Sends bytes to a port and gives everything that comes back until the server closes. */
export function rawExchange(port: number, bytes: string | Uint8Array): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1");
    const chunks: Buffer[] = [];
    socket.on("data", (chunk) => chunks.push(chunk));
    socket.on("error", reject);
    socket.on("close", () => resolve(Buffer.concat(chunks).toString("latin1")));
    socket.write(bytes);
  });
}

/** Sends an HTTP/1.1 request, given by its lines, and reads the answer. */
export async function rawRequest(port: number, lines: readonly string[], body = ""): Promise<RawAnswer> {
  const answer = await rawExchange(
    port,
    `${[...lines, "host: localhost", "connection: close"].join("\r\n")}\r\n\r\n${body}`,
  );
  const end = answer.indexOf("\r\n\r\n");
  const [statusLine = "", ...fields] = answer.slice(0, end).split("\r\n");
  const headers = fields.map((field) => {
    const colon = field.indexOf(":");
    return [field.slice(0, colon).toLowerCase(), field.slice(colon + 1).trim()] as const;
  });
  return {
    status: Number(statusLine.split(" ")[1]),
    headers: Object.fromEntries(headers),
    body: answer.slice(end + 4),
  };
}
