// SPDX-License-Identifier: Apache-2.0
import { platform } from "node:os";
import type { Act, Event, LabCase, LabResult, Stage, Subject } from "./protocol.js";

const EVENTS: readonly Event[] = ["abort", "deadline", "close"];
const STAGES: readonly Stage[] = ["lookup", "connect", "accept", "handshake", "settings", "response"];
const ACTS: readonly Act[] = ["silence", "slow", "reset", "half-close", "goaway", "refuse"];
const SUBJECTS: readonly Subject[] = ["REST", "gRPC", "grpc-js"];

/** Every case that can happen: stage x event x transport x (plain, TLS). */
export const LAB: readonly LabCase[] = SUBJECTS.flatMap((subject) =>
  [false, true].flatMap((tls) =>
    STAGES.flatMap((stage) =>
      ACTS.flatMap((act) =>
        (act === "silence" ? EVENTS : [undefined]).map(
          (event): LabCase => ({
            subject,
            protocol: subject === "REST" ? "http1" : "http2",
            tls,
            stage,
            act,
            event,
          }),
        ),
      ),
    ),
  ),
).filter(canHappen);

function canHappen({ subject, tls, stage, act }: LabCase): boolean {
  if (stage === "lookup") return act !== "half-close" && act !== "goaway";
  // Whether a full backlog drops what comes is up to the system.
  if (stage === "connect" && act !== "refuse")
    return act !== "reset" && act !== "half-close" && act !== "goaway" && platform() === "linux";
  if (stage === "handshake" && !tls) return false;
  if (stage === "settings" && subject === "REST") return false;
  if (act === "goaway") return subject !== "REST" && (stage === "settings" || stage === "response");
  // Refused by an alert of TLS, or by REFUSED_STREAM of HTTP/2.
  if (act === "refuse") {
    return stage === "connect" || stage === "handshake" || (subject !== "REST" && stage === "response");
  }
  return true;
}

/** What is wrong with the result of a case; an empty list for nothing. */
export function flawsOf(labCase: LabCase, result: LabResult): string[] {
  const { call, next, requestSent, message } = result;
  const flaws: string[] = [];
  const wanted = endingsOf(labCase);
  if (!wanted.includes(call)) {
    flaws.push(`the call ended as ${call} (${message}); expected ${wanted.join(" or ")}`);
  }
  if (isUnsent(labCase) && call !== "ok" && requestSent !== false) {
    flaws.push("the call claims that its request may have been sent");
  }
  if (!nextOf(labCase).includes(next)) {
    flaws.push(`the next call ended as ${next}; expected ${nextOf(labCase).join(" or ")}`);
  }
  return flaws;
}

function endingsOf({ subject, stage, act, event }: LabCase): readonly string[] {
  if (event === "abort") return ["aborted-by-caller"];
  // A channel of grpc-js that is closed may end its calls.
  if (event === "close" && subject === "grpc-js") return ["deadline-exceeded", "unavailable"];
  if (event !== undefined) return ["deadline-exceeded"];
  if (act === "slow") return ["ok"];
  // What the server did not process is sent again.
  return act === "goaway" || (act === "refuse" && stage === "response") ? ["ok"] : ["unavailable"];
}

/** Whether the request cannot have left; a channel of grpc-js does not say so. */
function isUnsent({ subject, stage }: LabCase): boolean {
  return subject !== "grpc-js" && (stage === "lookup" || stage === "connect" || stage === "handshake");
}

/** How the next call on the same transport may end. */
export function nextOf({ subject, stage, act, event }: LabCase): readonly string[] {
  // The transport is closed by then.
  if (event === "close") return ["failed-precondition"];
  // A channel of grpc-js goes on waiting for a connection that stays silent, whoever has given up.
  return subject === "grpc-js" && act === "silence" && stage !== "response"
    ? ["ok", "deadline-exceeded", "unavailable"]
    : ["ok"];
}
