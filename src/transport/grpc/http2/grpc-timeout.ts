// SPDX-License-Identifier: Apache-2.0

/** The grammar allows at most eight digits. gRPC over HTTP/2, Timeout. */
const LARGEST = 99_999_999;

const UNITS = [
  { letter: "m", ms: 1 },
  { letter: "S", ms: 1_000 },
  { letter: "M", ms: 60_000 },
  { letter: "H", ms: 3_600_000 },
] as const;

/**
 * The value of the header `grpc-timeout` for a timeout in milliseconds: `1500m`, `100000S`.
 *
 * Rounded up, so that the server never gives up before the client does; a timeout that no unit can write (11,000
 * years) is the largest one that can be written.
 */
export function toGrpcTimeout(timeoutMs: number): string {
  for (const { letter, ms } of UNITS) {
    const amount = Math.ceil(timeoutMs / ms);
    if (amount <= LARGEST) return `${amount}${letter}`;
  }
  return `${LARGEST}H`;
}
