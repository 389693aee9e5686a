// SPDX-License-Identifier: Apache-2.0
import type { Any } from "@bufbuild/protobuf/wkt";
import type { Operation } from "../../../gen/google/longrunning/operations_pb.js";
import { toCallError } from "../../errors/call-error.js";
import { backoffMs } from "../../retry/backoff.js";
import { lastSegmentOf } from "../operation-identity.js";
import type { HandleContext } from "../operation-loop.js";
import { pollErrorKind } from "../polling/poll-error.js";
import type { Poll, PollLoop } from "../polling/poll-loop.js";
import { recordSnapshot } from "../polling/run-loop.js";
import { nextPollMs } from "../polling/schedule.js";
import { snapshotOf } from "../snapshot.js";

export type Loop = PollLoop<Any, Any>;
export type PollAlone = (signal: AbortSignal, atMostMs: number) => Promise<Poll<Any, Any>>;

/** One operation that is waited for. */
export interface Member {
  readonly name: string;
  readonly loop: Loop;
  readonly pollAlone: PollAlone;
  isPolling: boolean;
  /** The last List did not show it. */
  isHidden: boolean;
}

/** The operations of one parent that are waited for. */
export interface Parent {
  readonly name: string;
  /** By their last segment. */
  readonly members: Map<string, Member>;
  listing: Listing | undefined;
  /** The server has no List, or a List has cost more calls than it saved: it is not tried again. */
  isOff: boolean;
  /** The calls that the last List has cost beyond those that it saved. So many Gets are left out. */
  debt: number;
}

/** One List under way. */
export interface Listing {
  readonly shown: Map<string, Operation>;
  readonly done: Promise<void>;
  readonly controller: AbortController;
  header: Headers;
  waiting: number;
}

const PAGE_SIZE = 1_000;

/** Begins a List, for all members that are due by then or soon. */
export function startListing(context: HandleContext, parent: Parent): Listing {
  const controller = new AbortController();
  const shown = new Map<string, Operation>();
  const run = async () => {
    await Promise.resolve();
    try {
      await readPages(context, parent, listing);
    } finally {
      parent.listing = undefined;
    }
  };
  const listing: Listing = { shown, controller, done: run(), header: new Headers(), waiting: 0 };
  parent.listing = listing;
  return listing;
}

/** Reads pages while they take the place of more Gets than they are, and hands out what they show. */
async function readPages(context: HandleContext, parent: Parent, listing: Listing): Promise<void> {
  const { calls, settings, budget } = context;
  const { members } = parent;
  const { shown, controller } = listing;
  const { signal } = controller;
  const nowMs = settings.clock.now();
  const due = [...members.values()].filter((member) => isDue(member, nowMs));
  const pollsBefore = new Map([...members.values()].map((member) => [member, member.loop.polls]));
  const onHeader = (header: Headers) => {
    listing.header = header;
  };
  let pages = 0;
  try {
    for (let pageToken = ""; ; ) {
      await budget?.enter(signal);
      pages += 1;
      const page = await calls.list(
        { name: parent.name, pageSize: PAGE_SIZE, pageToken },
        { signal, onHeader },
      );
      for (const operation of page.operations) {
        const id = lastSegmentOf(operation.name);
        if (members.has(id)) shown.set(id, operation);
      }
      pageToken = page.nextPageToken;
      const isPaid = pages < due.length && pages <= shown.size;
      if (pageToken === "" || shown.size >= members.size || !isPaid) break;
    }
  } catch (thrown) {
    const error = toCallError(thrown);
    const { transientCodes } = settings.polling;
    if (signal.aborted || pollErrorKind(error, { transientCodes, isReached: true }) !== "permanent")
      throw error;
    if (!error.requestSent) pages -= 1;
  }
  const saved = due.filter(({ name }) => shown.has(lastSegmentOf(name))).length;
  if (pages > saved || shown.size === 0) parent.isOff = true;
  parent.debt += Math.max(0, pages - saved);
  handOut(members, listing, pollsBefore);
}

/** Records what a List has shown, except for members that are polled now: those take it themselves. */
function handOut(
  members: ReadonlyMap<string, Member>,
  { shown, header }: Listing,
  pollsBefore: ReadonlyMap<Member, number>,
): void {
  for (const [id, member] of members) {
    const operation = shown.get(id);
    member.isHidden = operation === undefined;
    if (operation === undefined || member.isPolling) continue;
    recordSnapshot(member.loop, snapshotOf(operation, {}, member.name), pollsBefore.get(member) ?? 0, header);
  }
}

/** Whether a member is polled now, or would be within the part of its pause that chance takes off. */
function isDue({ loop, isPolling }: Member, nowMs: number): boolean {
  const { policy } = loop.options;
  const pauseMs = backoffMs(policy, Math.max(0, loop.schedule.step - 1), () => 0);
  return isPolling || nextPollMs(loop.schedule) - nowMs <= policy.jitter * pauseMs;
}
