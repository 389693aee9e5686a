// SPDX-License-Identifier: Apache-2.0
import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
  sign,
} from "node:crypto";

// Node checks certificates but makes none: these few lines of DER do, so that no test depends on openssl.

/** A certificate and its key, in PEM. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

/** What is in a certificate. */
export interface CertificateOptions {
  /** The common name of its holder. */
  readonly name: string;
  /** Who signs it. @default the certificate itself */
  readonly issuer?: Certificate & { readonly name: string };
  /** DNS names that it is good for. @default none */
  readonly dnsNames?: readonly string[];
  /** IPv4 addresses that it is good for. @default none */
  readonly addresses?: readonly string[];
  /** Whether it may sign others. @default false */
  readonly authority?: boolean;
  /** Its last second, as `YYYYMMDDhhmmssZ`. @default in the next century */
  readonly notAfter?: string;
}

/** Makes a certificate for a fresh P-256 key. RFC 5280, section 4.1. */
export function makeCertificate(options: CertificateOptions): Certificate & { readonly name: string } {
  const { name, issuer, notAfter = "21200101000000Z" } = options;
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const signer = issuer === undefined ? privateKey : createPrivateKey(issuer.key);
  const content = sequence(
    der(0xa0, integer(Buffer.from([2]))), // version 3
    integer(Buffer.concat([Buffer.from([1]), randomBytes(8)])),
    ECDSA_WITH_SHA256,
    nameOf(issuer?.name ?? name),
    sequence(time("20200101000000Z"), time(notAfter)),
    nameOf(name),
    publicKeyOf(privateKey),
    der(0xa3, sequence(...extensionsOf(options))),
  );
  const signature = sign("sha256", content, signer);
  const bytes = sequence(content, ECDSA_WITH_SHA256, bitString(signature));
  const lines = bytes.toString("base64").replace(/(.{64})/g, "$1\n");
  return {
    name,
    cert: `-----BEGIN CERTIFICATE-----\n${lines.trimEnd()}\n-----END CERTIFICATE-----\n`,
    key: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
  };
}

function extensionsOf({ authority = false, dnsNames = [], addresses = [] }: CertificateOptions): Buffer[] {
  const names = [
    ...dnsNames.map((dnsName) => der(0x82, Buffer.from(dnsName))),
    ...addresses.map((address) => der(0x87, Buffer.from(address.split(".").map(Number)))),
  ];
  return [
    extension(BASIC_CONSTRAINTS, sequence(...(authority ? [TRUE] : []))),
    ...(names.length === 0 ? [] : [extension(SUBJECT_ALT_NAME, sequence(...names))]),
  ];
}

const TRUE = Buffer.from([1, 1, 0xff]);
const ECDSA_WITH_SHA256 = sequence(objectId("2a8648ce3d040302"));
const COMMON_NAME = objectId("550403");
const BASIC_CONSTRAINTS = objectId("551d13");
const SUBJECT_ALT_NAME = objectId("551d11");

function publicKeyOf(privateKey: KeyObject): Buffer {
  return createPublicKey(privateKey).export({ type: "spki", format: "der" });
}

function nameOf(commonName: string): Buffer {
  return sequence(der(0x31, sequence(COMMON_NAME, der(0x0c, Buffer.from(commonName)))));
}

function extension(id: Buffer, value: Buffer): Buffer {
  return sequence(id, der(0x04, value));
}

function objectId(hex: string): Buffer {
  return der(0x06, Buffer.from(hex, "hex"));
}

function time(text: string): Buffer {
  return der(0x18, Buffer.from(text));
}

function integer(bytes: Uint8Array): Buffer {
  return der(0x02, bytes);
}

function bitString(bytes: Uint8Array): Buffer {
  return der(0x03, Buffer.concat([Buffer.from([0]), bytes]));
}

function sequence(...parts: Uint8Array[]): Buffer {
  return der(0x30, Buffer.concat(parts));
}

/** One value of DER: its tag, its length, its content. X.690, section 8.1. */
function der(tag: number, content: Uint8Array): Buffer {
  const { length } = content;
  const size =
    length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}
