// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { root, sourceFiles } from "../source-files.js";
import { nodesOf, parse, placeOf } from "../syntax.js";

/** Identifiers that have gone from `src/`, with the word that is used instead. Add to it with each rename. */
const GONE: readonly (readonly [RegExp, string])[] = [
  [/^(look(s|ed|ing|Once)?|Looks?|onLook)$/, "poll, pollOnce, onUpdate"],
  [/^(Answer|answer[A-Z]\w*|\w+Answer)$/, "response"],
  [/^([cC]aller|createCaller|carry|carry[A-Z]\w*)$/, "invoke, createInvoke, send"],
  [/^(goOn|hurryLoop)$/, "scheduleNext, pollNow"],
  [/^(learnSnapshot|lastMiss)$/, "recordSnapshot, lastTransientError"],
  [/^(joinLoop|leaveLoop|follow|follow[A-Z]\w*|Follower)$/, "subscribe, unsubscribe, Subscriber"],
  [/^[cC]adence/, "PollSchedule"],
  [/^(doubt|farewell)$/, "stall probe, goawayReason"],
  [/^([fF]law|[dD]enial|[cC]omplaint)s?$/, "problem, error"],
  [/[fF]oreign/, "fromUnknown, other"],
  [/^Turn$/, "Permit"],
  [/^retryFloorMs$/, "minRetryDelayMs"],
  [/^callersHeaders$/, "copyHeaders"],
  [/^Surroundings$/, "ProcessContext"],
  [/^(checkKnown|KNOWN)$/, "rejectUnknownKeys, OPTION_KEYS"],
  [/^badOption$/, "invalidOption"],
  [/^(DEEPEST|LARGEST|MOST)_/, "MAX_..."],
  [/^(longestWaitMs|LONGEST_\w+)$/, "maxWaitMs, MAX_..."],
  [
    /^(isRefusal|Refusal|ServerAnswer|answerJson|answerError)$/,
    "httpError, HttpError, HttpResponse, sendJson, sendError",
  ],
  [/^[Kk]eeping$/, "Persistence"],
];

test("no identifier that was renamed is back", () => {
  const back = new Set<string>();
  const hint = new RegExp(GONE.map(([{ source }]) => source.replace(/[$^]/g, "")).join("|"));
  for (const file of sourceFiles()) {
    if (!hint.test(readFileSync(join(root, file), "utf8"))) continue;
    for (const node of nodesOf(parse(file))) {
      if (!ts.isIdentifier(node)) continue;
      const gone = GONE.find(([pattern]) => pattern.test(node.text));
      if (gone !== undefined) back.add(`${placeOf(node)} ${node.text}: write ${gone[1]}`);
    }
  }
  expect([...back]).toEqual([]);
});
