// SPDX-License-Identifier: Apache-2.0
// What a peer may cost: a server, and a client of the emulator. SECURITY.md has these as a table, with the option that changes each,
// the error beyond it and its test.

/** The largest response, or message of a stream, in bytes, decompressed: one that is decoded within a second. */
export const DEFAULT_MAX_RESPONSE_BYTES: number = 8 * 1024 * 1024;

/**
 * The most pieces that a body, or a message of gRPC, may come in. Each costs some microseconds, so that 8 MiB in pieces of a
 * byte would take twenty seconds; no server that means well cuts that small.
 */
export const MAX_PIECES = 250_000;

/**
 * The largest headers and the largest trailers over gRPC, in bytes, with 32 for each of them (RFC 9113, section 6.5.2). Far above
 * what other libraries of gRPC take (8 to 16 KiB), so that a long list of error details still arrives.
 */
export const MAX_HEADER_BYTES: number = 64 * 1024;

/** The body of an error over REST is read up to here, in bytes. */
export const MAX_ERROR_BYTES: number = 64 * 1024;

/** Objects and arrays within one another. protobuf-es takes 100 messages, of which each may be in a list or a map. */
export const MAX_JSON_DEPTH = 512;

/**
 * Values in one JSON text, counted by commas and brackets, and fields in one message in binary, those of the messages within it
 * included: with a schema, each costs some microseconds to decode.
 */
export const MAX_VALUES = 250_000;

/**
 * Digits in a row within one string of JSON, where 64-bit integers are: making a number of them costs more than their number,
 * eight million of them ten seconds.
 */
export const MAX_JSON_DIGITS = 100_000;

/** The longest delay that a server may ask for, in milliseconds. */
export const DEFAULT_MAX_RETRY_DELAY_MS = 600_000;

/** The time for empty pages of operations in a row, in milliseconds. */
export const DEFAULT_MAX_EMPTY_MS = 300_000;

/** Empty pages of reports or rows in a row, about five minutes of them. */
export const MAX_EMPTY_PAGES = 64;

/** Requests to a server at once over REST, each on a connection; more of them wait. */
export const DEFAULT_MAX_SOCKETS = 256;

/**
 * The time for an attempt to connect over gRPC, in milliseconds: a host that stays silent must not take the calls after this
 * one with it.
 */
export const MAX_CONNECT_MS = 20_000;

/** The emulator: the largest request, in bytes. */
export const DEFAULT_MAX_REQUEST_BYTES: number = 4 * 1024 * 1024;

/**
 * The emulator: the most pieces that the body of a request, or a message of a stream, may come in. At the default size, no
 * client that means well cuts that small.
 */
export const MAX_REQUEST_PIECES = 100_000;

/** The emulator: the largest headers of a request, in bytes. */
export const DEFAULT_MAX_REQUEST_HEADER_BYTES: number = 16 * 1024;

/** The emulator: the most that the record of calls keeps, in bytes. */
export const DEFAULT_MAX_RECORD_BYTES: number = 32 * 1024 * 1024;

/** The emulator: how long a connection may be silent, in milliseconds. */
export const DEFAULT_IDLE_TIMEOUT_MS = 300_000;
