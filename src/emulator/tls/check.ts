// SPDX-License-Identifier: Apache-2.0
import { createPrivateKey, X509Certificate } from "node:crypto";
import { createSecureContext } from "node:tls";
import { rejectUnknownKeys } from "../../errors/options.js";
import type { TlsFiles } from "../server/http-servers.js";

const OPTION_KEYS = { cert: true, key: true, clientCa: true } satisfies Record<keyof TlsFiles, true>;

/**
 * Checks that a server can use a certificate and its key. OpenSSL's own errors ("no start line") name no option.
 *
 * @throws TypeError
 */
export function checkTlsFiles(tls: TlsFiles): TlsFiles {
  rejectUnknownKeys("tls", tls, OPTION_KEYS);
  checkCertificate("tls.cert", tls.cert);
  try {
    createPrivateKey(tls.key); // Node ignores an empty one
    createSecureContext({ cert: tls.cert, key: tls.key });
  } catch (cause) {
    throw unusable("tls.key", "the private key of tls.cert in PEM, without a passphrase", cause);
  }
  checkClientCa(tls.clientCa);
  return tls;
}

/** Checks the authority of client certificates. Node ignores one that is none, so that no client could connect. */
export function checkClientCa(clientCa: TlsFiles["clientCa"]): void {
  if (clientCa !== undefined) checkCertificate("tls.clientCa", clientCa);
}

function checkCertificate(option: string, pem: string | Buffer): void {
  try {
    new X509Certificate(pem);
    createSecureContext({ cert: pem }); // a certificate in DER has no use here
  } catch (cause) {
    throw unusable(option, "a certificate in PEM", cause);
  }
}

function unusable(option: string, expected: string, cause: unknown): TypeError {
  const problem = cause instanceof Error ? cause.message : String(cause);
  return new TypeError(`${option}: cannot be used (${problem}; expected ${expected})`, { cause });
}
