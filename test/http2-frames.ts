// SPDX-License-Identifier: Apache-2.0
// HTTP/2 by hand, for peers that misbehave: frames to write, and those that came. RFC 9113.

/** Types of frames. Section 6. */
export const FRAME = {
  data: 0,
  headers: 1,
  rstStream: 3,
  settings: 4,
  ping: 6,
  goaway: 7,
  continuation: 9,
} as const;

/** Flags of frames. Section 6. */
export const FLAG = { endStream: 0x1, endHeaders: 0x4, ack: 0x1 } as const;

/** A frame of the other side. */
export interface ReceivedFrame {
  readonly type: number;
  readonly flags: number;
  readonly stream: number;
  readonly payload: Buffer;
}

/** What the connection of a client begins with. Section 3.4. */
export const PREFACE = Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "latin1");

const HEAD_BYTES = 9;

export function frame(
  type: number,
  flags: number,
  stream: number,
  payload: Uint8Array = new Uint8Array(0),
): Buffer {
  const head = Buffer.alloc(HEAD_BYTES);
  head.writeUIntBE(payload.length, 0, 3);
  head.writeUInt8(type, 3);
  head.writeUInt8(flags, 4);
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, payload]);
}

/** Each header as a literal that is not indexed; names and values shorter than 127 bytes. RFC 7541, section 6.2.2. */
export function hpack(headers: Readonly<Record<string, string>>): Buffer {
  return Buffer.concat(
    Object.entries(headers).flatMap(([name, value]) => [
      Buffer.from([0, name.length]),
      Buffer.from(name),
      Buffer.from([value.length]),
      Buffer.from(value),
    ]),
  );
}

export function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

/**
 * Takes the bytes of the other side as they come, and returns the frames that they complete. Those of a client begin with
 * the preface, those of a server with no other bytes.
 */
export function createFrameParser(prefaceLength = PREFACE.length): (chunk: Uint8Array) => ReceivedFrame[] {
  let pending = Buffer.alloc(0);
  let prefaceBytes = prefaceLength;
  return (chunk) => {
    pending = Buffer.concat([pending, chunk]);
    const skipped = Math.min(prefaceBytes, pending.length);
    prefaceBytes -= skipped;
    pending = pending.subarray(skipped);
    const frames: ReceivedFrame[] = [];
    while (pending.length >= HEAD_BYTES && pending.length >= HEAD_BYTES + pending.readUIntBE(0, 3)) {
      const end = HEAD_BYTES + pending.readUIntBE(0, 3);
      frames.push({
        type: pending.readUInt8(3),
        flags: pending.readUInt8(4),
        stream: pending.readUInt32BE(5),
        payload: pending.subarray(HEAD_BYTES, end),
      });
      pending = pending.subarray(end);
    }
    return frames;
  };
}
