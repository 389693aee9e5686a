// SPDX-License-Identifier: Apache-2.0
import {
  createHash,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
  sign,
} from "node:crypto";
import { isIP, isIPv4 } from "node:net";
import { bitString, der, integer, objectId, pemOf, sequence, utcTime } from "./der.js";

/** A server's certificate and key, and the authority that signed it, all in PEM. */
export interface SelfSigned {
  readonly cert: string;
  readonly key: string;
  /** The authority for clients to trust. */
  readonly ca: string;
}

const DAY_MS = 86_400_000;
/** Apple's clients accept at most 398. */
const LIFE_DAYS = 397;

const ECDSA_WITH_SHA256 = sequence(objectId("2a8648ce3d040302"));
const COMMON_NAME = objectId("550403");
const TRUE = der(0x01, Buffer.from([0xff]));

/**
 * Creates a certificate for some hosts, signed by an authority created only for it, whose key is discarded, so that it can
 * never sign anything else. P-256 and the profile of RFC 5280.
 */
export function createSelfSigned(hosts: readonly string[], nowMs: number): SelfSigned {
  const authority = generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey;
  const server = generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey;
  const keyId = keyIdOf(authority);
  const caName = nameOf(`longrunning emulator ${randomBytes(4).toString("hex")}`);
  const validity = sequence(utcTime(nowMs - DAY_MS), utcTime(nowMs + LIFE_DAYS * DAY_MS));
  const certificate = (subject: Buffer, key: KeyObject, extensions: readonly Buffer[]) => {
    const content = sequence(
      der(0xa0, integer(Buffer.from([2]))), // version 3
      integer(Buffer.concat([Buffer.from([1]), randomBytes(15)])),
      ECDSA_WITH_SHA256,
      caName,
      validity,
      subject,
      createPublicKey(key).export({ type: "spki", format: "der" }),
      der(0xa3, sequence(...extensions)),
    );
    return pemOf(sequence(content, ECDSA_WITH_SHA256, bitString(sign("sha256", content, authority))));
  };
  return {
    ca: certificate(caName, authority, [
      extension("551d13", sequence(TRUE), "critical"), // basicConstraints: an authority
      extension("551d0f", bitString(Buffer.from([0x06]), 1), "critical"), // keyUsage: keyCertSign, cRLSign
      extension("551d0e", der(0x04, keyId)), // subjectKeyIdentifier
    ]),
    cert: certificate(nameOf(hosts[0] ?? "localhost"), server, [
      extension("551d13", sequence(), "critical"),
      extension("551d0f", bitString(Buffer.from([0x80]), 7), "critical"), // keyUsage: digitalSignature
      extension("551d25", sequence(objectId("2b06010505070301"))), // extKeyUsage: serverAuth
      extension("551d23", sequence(der(0x80, keyId))), // authorityKeyIdentifier
      extension("551d0e", der(0x04, keyIdOf(server))),
      extension("551d11", sequence(...hosts.map(alternativeName))), // subjectAltName
    ]),
    key: server.export({ type: "pkcs8", format: "pem" }).toString(),
  };
}

function keyIdOf(key: KeyObject): Buffer {
  return createHash("sha1")
    .update(createPublicKey(key).export({ type: "spki", format: "der" }))
    .digest();
}

function nameOf(commonName: string): Buffer {
  return sequence(der(0x31, sequence(COMMON_NAME, der(0x0c, Buffer.from(commonName)))));
}

function extension(id: string, value: Buffer, isCritical?: "critical"): Buffer {
  return sequence(objectId(id), ...(isCritical === undefined ? [] : [TRUE]), der(0x04, value));
}

function alternativeName(host: string): Buffer {
  return isIP(host) === 0 ? der(0x82, Buffer.from(host)) : der(0x87, addressBytes(host));
}

/** An address in network byte order; `::` in an IPv6 address expands to zeros. */
function addressBytes(address: string): Buffer {
  if (isIPv4(address)) return Buffer.from(address.split(".").map(Number));
  const [head = "", tail = ""] = address.split("::");
  const groups = (text: string) =>
    text === "" ? [] : text.split(":").map((group) => Number.parseInt(group, 16));
  const [first, last] = [groups(head), groups(tail)];
  const all = [...first, ...new Array<number>(8 - first.length - last.length).fill(0), ...last];
  return Buffer.from(all.flatMap((group) => [group >> 8, group & 0xff]));
}
