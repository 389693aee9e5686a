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
  /** Adds a fault and returns a function that removes it. @throws TypeError for an invalid option */
  add(fault: Fault): () => void;
  /** Removes all faults. */
  clear(): void;
}

/** The faults, as used by calls. */
export interface FaultsInCalls extends Faults {
  /**
   * Call this before the service sees a call: it delays the call, or throws. Returns a function to call after the
   * service has done its work. Returns `undefined` synchronously if there are no faults.
   */
  strike(context: HandlerContext, request: object | undefined): Promise<(() => void) | undefined> | undefined;
}

/** A fault with its counters. */
interface ActiveFault {
  readonly fault: Fault;
  calls: number;
  strikes: number;
}

/** Dependencies of {@link createFaults}. */
export interface FaultsInit {
  /** Seed of their random numbers. */
  readonly seed: number;
  readonly clock: Clock;
  /** The types that their details may have at the time of the call. */
  registry(): Registry;
}

/**
 * Creates the faults of an emulator, initially none. The same seed and calls in the same order give the same faults.
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
    // Selected before the first wait, so that the result depends on the calls' order of arrival, not on their delays.
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
  if (connection === undefined) return pageError(page, "rest"); // a fake: assume REST, which most clients of this package use
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
