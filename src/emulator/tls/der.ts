// SPDX-License-Identifier: Apache-2.0

// The parts of DER (ITU-T X.690) that certificates use.

/** One value: its tag, its length, its content. X.690, section 8.1. */
export function der(tag: number, ...contents: Uint8Array[]): Buffer {
  const content = Buffer.concat(contents);
  const { length } = content;
  const size =
    length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}

/** SEQUENCE. */
export function sequence(...parts: Uint8Array[]): Buffer {
  return der(0x30, ...parts);
}

/** OBJECT IDENTIFIER, from its content in hexadecimal. */
export function objectId(hex: string): Buffer {
  return der(0x06, Buffer.from(hex, "hex"));
}

/** INTEGER, from the bytes of a positive one. */
export function integer(bytes: Uint8Array): Buffer {
  const isNegative = ((bytes[0] ?? 0) & 0x80) !== 0;
  return der(0x02, isNegative ? Buffer.from([0]) : Buffer.alloc(0), bytes);
}

/** BIT STRING, the last bits of it unused. */
export function bitString(bytes: Uint8Array, unusedBits = 0): Buffer {
  return der(0x03, Buffer.from([unusedBits]), bytes);
}

/** UTCTime, for the years to 2049. RFC 5280, section 4.1.2.5.1. */
export function utcTime(ms: number): Buffer {
  const text = new Date(ms).toISOString().replace(/[-:T]|\.\d+/g, "");
  return der(0x17, Buffer.from(text.slice(2)));
}

/** PEM of a certificate (RFC 7468). */
export function pemOf(certificate: Uint8Array): string {
  const lines = Buffer.from(certificate)
    .toString("base64")
    .replace(/(.{64})/g, "$1\n")
    .trimEnd();
  return `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`;
}
