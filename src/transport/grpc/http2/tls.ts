// SPDX-License-Identifier: Apache-2.0
import { type ConnectionOptions, createSecureContext, type SecureContextOptions } from "node:tls";
import { fieldsOf } from "../../../errors/connection.js";
import { booleanOption, checkFunction, invalidOption, rejectUnknownKeys } from "../../../errors/options.js";

/** What a TLS connection is made with: certificates, keys, versions, the name to expect. See `node:tls`. */
export type GrpcTlsOptions = Omit<SecureContextOptions, "ALPNCallback"> &
  Pick<ConnectionOptions, "servername" | "rejectUnauthorized" | "checkServerIdentity" | "session">;

/** Others of Node's would send calls elsewhere, or in another protocol. */
const TLS_KEYS = {
  allowPartialTrustChain: true,
  ca: true,
  cert: true,
  checkServerIdentity: true,
  ciphers: true,
  clientCertEngine: true,
  crl: true,
  dhparam: true,
  ecdhCurve: true,
  honorCipherOrder: true,
  key: true,
  maxVersion: true,
  minVersion: true,
  passphrase: true,
  pfx: true,
  privateKeyEngine: true,
  privateKeyIdentifier: true,
  rejectUnauthorized: true,
  secureOptions: true,
  secureProtocol: true,
  servername: true,
  session: true,
  sessionIdContext: true,
  sessionTimeout: true,
  sigalgs: true,
  ticketKeys: true,
} as const satisfies Record<keyof GrpcTlsOptions, true>;

/**
 * Checks the option `tls`: what certificates and keys cannot be used is known now.
 *
 * @throws TypeError naming the option; no value, which may be secret
 */
export function tlsOption(tls: GrpcTlsOptions | undefined, secure: boolean): GrpcTlsOptions {
  if (tls === undefined) return {};
  rejectUnknownKeys("tls", tls, TLS_KEYS);
  if (!secure) throw invalidOption("tls: given, but baseUrl is http: (expected https:)");
  booleanOption("tls.rejectUnauthorized", tls.rejectUnauthorized, true);
  checkFunction("tls.checkServerIdentity", tls.checkServerIdentity);
  for (const name of ["passphrase", "servername"] as const) {
    if (tls[name] !== undefined && typeof tls[name] !== "string")
      throw invalidOption(`tls.${name}: invalid value (expected text)`);
  }
  try {
    createSecureContext(tls);
  } catch (error) {
    // Its text may repeat a part of what is secret.
    const { code } = fieldsOf(error);
    throw invalidOption(
      `tls: rejected by node:tls (got ${String(code)}; expected certificates and keys as PEM)`,
    );
  }
  return { ...tls };
}
