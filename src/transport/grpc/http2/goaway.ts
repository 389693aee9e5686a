// SPDX-License-Identifier: Apache-2.0
import { redactSecrets } from "../../../errors/sent-secrets.js";
import { http2CodeName } from "./errors.js";

/** Limits on a GOAWAY's debug data: bytes that are read, characters that are shown. */
const MAX_DEBUG_BYTES = 4_096;
const MAX_DEBUG_TEXT = 64;

/** How a server announces the end of a connection. RFC 9113, section 6.8. */
export interface Goaway {
  /** In words, for errors: `GOAWAY ENHANCE_YOUR_CALM ("too_many_pings")`. */
  readonly reason: string;
  /** Streams with a higher number were not processed and never will be. */
  readonly lastStreamId: number;
  /** Whether it is because of our PINGs (gRFC A8). */
  readonly isForPings: boolean;
}

/** What a GOAWAY says. Its text is the server's own: without secrets that were sent, and printable. */
export function readGoaway(code: number, lastStreamId: number, debugData: Uint8Array | undefined): Goaway {
  const debug = redactSecrets(Buffer.from(debugData ?? []).toString("latin1", 0, MAX_DEBUG_BYTES))
    .slice(0, MAX_DEBUG_TEXT)
    .replace(/[^\x20-\x7e]/g, "?");
  const reason = `GOAWAY ${http2CodeName(code)}${debug === "" ? "" : ` ("${debug}")`}`;
  return { reason, lastStreamId, isForPings: debug === "too_many_pings" };
}
