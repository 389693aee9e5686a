// SPDX-License-Identifier: Apache-2.0

/** A frame of HTTP/2. RFC 9113, section 4.1. */
export const frame = (type: number, flags: number, stream: number, payload: Uint8Array = Buffer.alloc(0)) => {
  const head = Buffer.alloc(9);
  head.writeUIntBE(payload.length, 0, 3);
  head.writeUInt8(type, 3);
  head.writeUInt8(flags, 4);
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, payload]);
};

/** Literals that are not indexed; names and values shorter than 127 bytes. RFC 7541, section 6.2.2. */
export const hpack = (headers: Record<string, string>) =>
  Buffer.concat(
    Object.entries(headers).map(([name, value]) =>
      Buffer.concat([
        Buffer.from([0, name.length]),
        Buffer.from(name),
        Buffer.from([value.length]),
        Buffer.from(value),
      ]),
    ),
  );
