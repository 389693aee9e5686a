// SPDX-License-Identifier: Apache-2.0

import { shortNameOf } from "../names/method-name.js";
import { oddityOf } from "../names/odd-name.js";
import { oneLine, shorten } from "../names/shorten.js";
import type { AdManagerReason } from "./admanager-error.js";
import type { CallErrorReason } from "./call-error-init.js";

/** Longest quote of a server's text, in UTF-16 units; `CallError.status.message` has all of it. */
const MAX_MESSAGE = 2_048;

/** Longest quote of an operation's name. */
const MAX_NAME = 256;

/** What to do about it, where there is something to say that the server's own words seldom have. */
const HINTS: Readonly<Partial<Record<CallErrorReason, string>>> = {
  "cancel-unsupported":
    "the server does not implement cancelling this operation; it runs on, and can still be watched or waited for",
  unimplemented: "the server does not implement this method, or the request went to the wrong service",
  "not-found": "check the name",
  "permission-denied": "the credentials are valid, but may not do this; check their roles and scopes",
  unauthenticated: "send credentials, or fresh ones",
  "failed-precondition": "the resource is not in a state that allows this; check it first",
  "rate-limited": "wait before trying again, longer each time",
  "response-too-large": "this is a limit of the client, and no quota of the server",
  unavailable: "the server could not be reached or is overloaded; trying again later may help",
  "deadline-exceeded": "no response within the time for this call",
  "aborted-by-caller": "the caller gave up on this call",
  "cancelled-call": "this call was cancelled",
};

/** What is added when the call was about an operation: its end is another thing than the end of the call. */
const OPERATION_HINTS: Readonly<Partial<Record<CallErrorReason, string>>> = {
  "not-found": "; servers also forget finished operations after some time",
  "deadline-exceeded": "; the operation itself is not affected",
  "aborted-by-caller": "; the operation itself is not affected",
  "cancelled-call": ", which says nothing about the operation",
};

/** The same for a request that changes the operation: without a response, nobody knows whether it has. */
const UNCONFIRMED = "; the server may have carried the request out all the same";

/** The service whose methods are about operations. */
const OPERATIONS = "google.longrunning.Operations.";
/** Those of its methods that change an operation. */
const CHANGES: ReadonlySet<string> = new Set([
  `${OPERATIONS}CancelOperation`,
  `${OPERATIONS}DeleteOperation`,
]);
/** Errors of the client's own, which leave such a request without a response. */
const GIVEN_UP: ReadonlySet<CallErrorReason> = new Set<CallErrorReason>([
  "deadline-exceeded",
  "aborted-by-caller",
]);

/** Reasons that a wrong name has: what is odd about it is added. */
const MAY_BE_THE_NAME: ReadonlySet<CallErrorReason> = new Set<CallErrorReason>([
  "not-found",
  "invalid-argument",
]);

/** The text for a server that sent none. */
const NO_MESSAGE = "the server gave no message";

export interface CallErrorText {
  readonly message: string;
  readonly method: string | undefined;
  readonly operationName: string | undefined;
  readonly reason: CallErrorReason;
  readonly requestSent: boolean;
  /** What to do, where it is known better than by the reason. */
  readonly advice?: string | undefined;
  readonly startsOperation?: boolean | undefined;
  /** What Ad Manager's own detail says, and what to do about it. */
  readonly adManager?: AdManagerReason | undefined;
}

/** Errors of a start after which nobody knows whether the server has begun, or what the operation is called. */
const LOST_RESPONSE: ReadonlySet<CallErrorReason> = new Set<CallErrorReason>([
  "unavailable",
  "deadline-exceeded",
  "aborted-by-caller",
  "cancelled-call",
  "internal",
  "unknown",
  "data-loss",
  "response-too-large",
]);
const MAYBE_STARTED =
  "the operation may have been started: look for it, where the server lists operations, before you start it again";

/**
 * The text of a call's error: the method, the name, the server's message, and what to do. `CancelOperation
 * "operations/1": nope (check the name; …)`. An error without a request says itself what to do.
 */
export function callErrorText({
  message,
  method,
  operationName,
  reason,
  requestSent,
  advice: known,
  startsOperation = false,
  adManager,
}: CallErrorText): string {
  const subject = [
    ...(method === undefined ? [] : [shortNameOf(method)]),
    ...(operationName === undefined ? [] : [JSON.stringify(shorten(operationName, MAX_NAME))]),
  ].join(" ");
  const aboutOperation = operationName !== undefined && (method ?? OPERATIONS).startsWith(OPERATIONS);
  const lostStart = startsOperation && LOST_RESPONSE.has(reason);
  const changes = method !== undefined && CHANGES.has(method) && GIVEN_UP.has(reason);
  const usual = lostStart ? MAYBE_STARTED : hintOf(reason, aboutOperation, changes);
  // A name that was not sent for what is wrong with it needs no further hint.
  const mayBeTheName = MAY_BE_THE_NAME.has(reason) && !message.startsWith("nothing was sent");
  const oddity = mayBeTheName ? oddityOf(operationName ?? "") : undefined;
  const hints = [
    known ?? (requestSent ? (adManager?.advice ?? usual) : undefined),
    oddity && `the name ${oddity}`,
  ];
  const hint = hints.filter((text) => text !== undefined).join("; ") || undefined;
  const inMessage = adManager === undefined || message.includes(adManager.text);
  const said =
    [message, inMessage ? "" : adManager.text]
      .filter((part) => part !== "")
      .map((part) => shorten(oneLine(part), MAX_MESSAGE))
      .join(": ") || (hint === undefined ? NO_MESSAGE : "");
  const advice = hint === undefined ? "" : said === "" ? hint : ` (${hint})`;
  return `${subject === "" ? "" : `${subject}: `}${said}${advice}`;
}

function hintOf(reason: CallErrorReason, aboutOperation: boolean, changes: boolean): string | undefined {
  const hint = HINTS[reason];
  const about = changes ? UNCONFIRMED : OPERATION_HINTS[reason];
  const more = aboutOperation ? about : undefined;
  return more === undefined ? hint : `${hint}${more}`;
}

/**
 * Authorization values and the query parameters that carry keys, as they turn up in the messages of HTTP
 * clients.
 */
const credentials = /\b(Bearer|Basic)\s+[^\s"',]+|([?&](?:key|access_token|token)=)[^&\s"']+/gi;

/**
 * A message from the machinery below us, without credentials: `fetch` for one quotes an invalid header value.
 * The words of a server are left alone.
 */
export function withoutCredentials(message: string): string {
  return message.replace(
    credentials,
    (_, scheme?: string, parameter?: string) => `${parameter ?? `${scheme} `}[hidden]`,
  );
}
