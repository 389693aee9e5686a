// SPDX-License-Identifier: Apache-2.0
import type { ConnectionOptions } from "node:tls";
import type { TlsOptions } from "./engine.js";

type Pem = string | Uint8Array;

/** The TLS settings as `node:tls` takes them. Certificates are always checked: there is no setting against it. */
export function toConnectionOptions(
  tls: TlsOptions = {},
): Pick<ConnectionOptions, "ca" | "cert" | "key" | "passphrase" | "servername"> {
  const { ca, cert, key, passphrase, servername } = tls;
  return {
    ...(ca !== undefined && {
      ca: typeof ca === "string" || ca instanceof Uint8Array ? toPem(ca) : ca.map(toPem),
    }),
    ...(cert !== undefined && { cert: toPem(cert) }),
    ...(key !== undefined && { key: toPem(key) }),
    ...(passphrase !== undefined && { passphrase }),
    ...(servername !== undefined && { servername }),
  };
}

function toPem(pem: Pem): string | Buffer {
  return typeof pem === "string" ? pem : Buffer.from(pem);
}
