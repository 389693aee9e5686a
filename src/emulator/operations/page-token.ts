// SPDX-License-Identifier: Apache-2.0
import { Code, ConnectError } from "@connectrpc/connect";

/** What a list must keep the same from page to page (AIP-158). */
export interface ListQuestion {
  readonly parent: string;
  readonly filter: string;
}

/** Writes the token of the page after the operation with this sequence. URL-safe, opaque to clients. */
export function toPageToken(after: number, question: ListQuestion): string {
  return `${after.toString(36)}.${fingerprint(question)}`;
}

/**
 * Reads a page token; the empty one is the first page's, before everything.
 *
 * @throws ConnectError `InvalidArgument` for a token of another list or of nobody.
 */
export function fromPageToken(token: string, question: ListQuestion): number {
  if (token === "") return -1;
  const [sequence = "", mark, ...rest] = token.split(".");
  const after = Number.parseInt(sequence, 36);
  if (rest.length > 0 || !Number.isSafeInteger(after) || after.toString(36) !== sequence) {
    throw new ConnectError("page_token was not issued by this server.", Code.InvalidArgument);
  }
  if (mark !== fingerprint(question)) {
    throw new ConnectError("page_token belongs to a list with another name or filter.", Code.InvalidArgument);
  }
  return after;
}

/** FNV-1a over UTF-16 units: tells questions apart, and protects nothing. */
function fingerprint({ parent, filter }: ListQuestion): string {
  const text = `${parent.length}:${parent}${filter}`;
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return (hash >>> 0).toString(36);
}
