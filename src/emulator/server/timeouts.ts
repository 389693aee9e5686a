// SPDX-License-Identifier: Apache-2.0

/**
 * `X-Server-Timeout`: seconds, possibly fractional. As on Google's servers, an invalid value means no limit.
 */
export function fromServerTimeout(header: string | string[] | undefined): number | undefined {
  const seconds = Number(header);
  return typeof header === "string" && seconds > 0 && Number.isFinite(seconds) ? seconds * 1_000 : undefined;
}

const GRPC_UNITS_MS: Readonly<Record<string, number>> = {
  H: 3_600_000,
  M: 60_000,
  S: 1_000,
  m: 1,
  u: 1e-3,
  n: 1e-6,
};

/**
 * `grpc-timeout`: up to eight digits and a unit (PROTOCOL-HTTP2.md of gRPC); an invalid value means no limit.
 */
export function fromGrpcTimeout(header: string | string[] | undefined): number | undefined {
  const [, digits, unit] = (typeof header === "string" && /^(\d{1,8})([HMSmun])$/.exec(header)) || [];
  return digits === undefined || unit === undefined ? undefined : Number(digits) * (GRPC_UNITS_MS[unit] ?? 1);
}
