// SPDX-License-Identifier: Apache-2.0
import type { Registry } from "@bufbuild/protobuf";
import { Code, ConnectError, type HandlerContext } from "@connectrpc/connect";
import { selectorOf } from "../../names/method-name.js";
import { type Clock, sleep } from "../../time/clock.js";
import { isBelow, resourceOf, SESSION_HEADER } from "../scope.js";
import { connectionKey, type FaultPage, pageError } from "./connection.js";
import { checkFault, type Fault, faultError, pageOf } from "./fault.js";

/** The faults of one emulator. */
export interface Faults {
  /** Adds a fault; the function that it returns takes it away again. @throws TypeError for a bad option */
  add(fault: Fault): () => void;
  /** Takes all of them away. */
  clear(): void;
}

/** What the calls need of the faults. */
export interface FaultsInCalls extends Faults {
  /**
   * To be called before the service sees a call: delays it, or throws. Returns what is to be called after the
   * service has done its work. `undefined`, without a turn of the event loop, when no fault is there.
   */
  strike(context: HandlerContext, request: object | undefined): Promise<(() => void) | undefined> | undefined;
}

/** A fault with its own count of calls. */
interface ActiveFault {
  readonly fault: Fault;
  calls: number;
  strikes: number;
}

/** What faults stand on. */
export interface FaultsInit {
  /** Where their randomness starts. */
  readonly seed: number;
  readonly clock: Clock;
  /** The types that their details may have, at this moment. */
  registry(): Registry;
}

/**
 * Creates the faults of an emulator, none at first; the same seed and the same calls in the same order give the same faults.
 */
export function createFaults({ seed, clock, registry }: FaultsInit): FaultsInCalls {
  const random = createSeededRandom(seed);
  let active: ActiveFault[] = [];

  const add = (fault: Fault) => {
    checkFault(fault, registry());
    const entry: ActiveFault = { fault, calls: 0, strikes: 0 };
    active = [...active, entry];
    return () => {
      active = active.filter((other) => other !== entry);
    };
  };
  const strike = async (context: HandlerContext, request: object | undefined) => {
    // Chosen before the first wait: the order of the calls' arrival decides, not how long each one is
    // delayed.
    const faults = active.filter(
      (entry) => isTarget(entry.fault, context, request) && strikes(entry, random),
    );
    let after: (() => void) | undefined;
    for (const { fault } of faults) {
      if (fault.kind === "reset" && fault.when === "after") after = () => reset(context);
      else if (fault.kind === "delay") await sleep(clock, delayMs(fault, random), context.signal);
      else if (fault.kind === "error") throw faultError(fault);
      else if (fault.kind === "page") throw sendPage(context, pageOf(fault));
      else if (fault.kind === "reset") reset(context);
      else context.values.get(connectionKey)?.goAway();
    }
    return after;
  };

  return {
    add,
    clear: () => {
      active = [];
    },
    strike: (context, request) => (active.length === 0 ? undefined : strike(context, request)),
  };
}

function isTarget(
  { method, parent, session }: Fault,
  context: HandlerContext,
  request: object | undefined,
): boolean {
  if (method !== undefined && method !== selectorOf(context.method)) return false;
  if (session !== undefined && context.requestHeader.get(SESSION_HEADER) !== session) return false;
  return isBelow(resourceOf(request), parent);
}

function strikes(entry: ActiveFault, random: () => number): boolean {
  const { everyNth = 1, probability = 1, times = Number.POSITIVE_INFINITY } = entry.fault;
  entry.calls++;
  if (entry.calls % everyNth !== 0 || entry.strikes >= times) return false;
  if (probability < 1 && random() >= probability) return false;
  entry.strikes++;
  return true;
}

function delayMs({ minMs, maxMs = minMs }: Extract<Fault, { kind: "delay" }>, random: () => number): number {
  return minMs === maxMs ? minMs : minMs + random() * (maxMs - minMs);
}

function reset(context: HandlerContext): never {
  context.values.get(connectionKey)?.reset();
  throw new ConnectError("the connection was reset", Code.Unavailable);
}

function sendPage(context: HandlerContext, page: FaultPage): ConnectError {
  const connection = context.values.get(connectionKey);
  if (connection === undefined) return pageError(page, "rest"); // a fake: what most clients of this package speak
  connection.page = page;
  return pageError(page, context.protocolName);
}

/**
 * Numbers in [0, 1) that are the same for the same seed on every machine (mulberry32), so that a failed soak test
 * can be repeated.
 */
function createSeededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
