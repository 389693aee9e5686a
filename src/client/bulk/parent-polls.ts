// SPDX-License-Identifier: Apache-2.0
import type { Any } from "@bufbuild/protobuf/wkt";
import { untilAborted } from "../../time/abort.js";
import { lastSegmentOf } from "../operation-identity.js";
import type { HandleContext } from "../operation-loop.js";
import type { Poll } from "../polling/poll-loop.js";
import { snapshotOf } from "../snapshot.js";
import { type Loop, type Member, type Parent, type PollAlone, startListing } from "./parent-list.js";
import { collectionOf, parentOf } from "./parent-of.js";

/** Polls of many operations, made together where one List of their parent takes the place of several Gets. */
export interface ParentPolls {
  /** Polls one operation: by the List of its parent that is under way or begins now, or alone. */
  poll(member: Member, signal: AbortSignal, atMostMs: number): Promise<Poll<Any, Any>>;
  /** Adds an operation that is waited for. */
  join(member: Member): void;
  /** Removes it. */
  leave(member: Member): void;
}

/** Fewer are polled one by one: a page of a parent with a long history weighs more than a few Gets. */
const MIN_MEMBERS = 10;

/** Makes an operation's loop poll with those of its parent. */
export function createMember(alone: Loop, name: string, polls: ParentPolls): Member {
  const poll: PollAlone = (signal, atMostMs) => polls.poll(member, signal, atMostMs);
  const loop = { ...alone, options: { ...alone.options, poll } };
  const member: Member = { name, loop, pollAlone: alone.options.poll, isPolling: false, isHidden: false };
  polls.join(member);
  return member;
}

/** Creates the polls that the operations of one `waitOperations` share. */
export function createParentPolls(context: HandleContext): ParentPolls {
  const parents = new Map<string, Parent | undefined>(); // By collection.
  const find = ({ name }: Member) => parents.get(collectionOf(name));
  return {
    join: (member) => {
      const { name } = member;
      const collection = collectionOf(name);
      if (!parents.has(collection))
        parents.set(collection, createParent(parentOf(context.settings.transport, name)));
      find(member)?.members.set(lastSegmentOf(name), member);
    },
    leave: (member) => {
      const members = find(member)?.members;
      if (members?.get(lastSegmentOf(member.name)) === member) members.delete(lastSegmentOf(member.name));
    },
    poll: async (member, signal, atMostMs) => {
      const parent = find(member);
      await Promise.resolve(); // Those who begin to wait in the same turn are polled together.
      if (parent === undefined) return member.pollAlone(signal, atMostMs);
      const isAlone = parent.isOff || parent.members.size < MIN_MEMBERS;
      if (isAlone || (member.isHidden && parent.listing === undefined))
        return pollAlone(parent, member, signal, atMostMs);
      member.isPolling = true;
      try {
        return await pollByList(context, parent, member, { signal, atMostMs });
      } finally {
        member.isPolling = false;
      }
    },
  };
}

async function pollByList(
  context: HandleContext,
  parent: Parent,
  member: Member,
  { signal, atMostMs }: { readonly signal: AbortSignal; readonly atMostMs: number },
): Promise<Poll<Any, Any>> {
  const { clock } = context.settings;
  const startMs = clock.now();
  const listing = parent.listing ?? startListing(context, parent);
  listing.waiting += 1;
  try {
    await untilAborted(listing.done, signal);
  } finally {
    listing.waiting -= 1;
    if (listing.waiting === 0) listing.controller.abort();
  }
  const operation = listing.shown.get(lastSegmentOf(member.name));
  if (operation !== undefined) {
    return { snapshot: snapshotOf(operation, {}, member.name), header: listing.header, waited: false };
  }
  return pollAlone(parent, member, signal, Math.max(1, atMostMs - (clock.now() - startMs)));
}

/** Polls one operation by Get, or leaves this Get out to make up for a List that was in vain. */
async function pollAlone(
  parent: Parent,
  member: Member,
  signal: AbortSignal,
  atMostMs: number,
): Promise<Poll<Any, Any>> {
  const { known, subscribers } = member.loop;
  const isLastPoll = [...subscribers].some(
    ({ finalPoll, deadlineMs }) => finalPoll !== "scheduled" && deadlineMs !== Number.POSITIVE_INFINITY,
  );
  if (parent.debt === 0 || known === undefined || isLastPoll) return member.pollAlone(signal, atMostMs);
  parent.debt -= 1;
  return { snapshot: known, header: new Headers(), waited: false };
}

function createParent(name: string | undefined): Parent | undefined {
  if (name === undefined) return undefined;
  return { name, members: new Map(), listing: undefined, isOff: false, debt: 0 };
}
