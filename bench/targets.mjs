// SPDX-License-Identifier: Apache-2.0
// What the figures are held against: ratios between two rows of one run, and two figures that stand alone.
import { median, ratios } from "./statistics.mjs";

/** `measure` is the name of the measure; `ours` and `theirs` are keys of its samples. */
export const TARGETS = [
  {
    figure: "REST cancel, 64 in flight: CPU per call, longrunning / google-gax",
    measure: "calls",
    ours: "REST/facade/64",
    theirs: "REST/gax/64",
    atLeast: 0.35,
    reachFor: 0.25,
  },
  {
    figure: "REST cancel, 64 in flight, no credential: CPU per call, longrunning / google-gax",
    measure: "calls",
    ours: "REST/facade-open/64",
    theirs: "REST/gax-open/64",
    atLeast: 0.35,
    reachFor: 0.25,
  },
  {
    figure: "REST cancel, 64 in flight: with a token / without",
    measure: "calls",
    ours: "REST/facade/64",
    theirs: "REST/facade-open/64",
    atLeast: 1.5,
    reachFor: 1.2,
  },
  {
    figure: "REST cancel, 64 in flight: an interceptor that sets a header / none",
    measure: "calls",
    ours: "REST, the engine/facade-header/64",
    theirs: "REST, the engine/facade-open/64",
    atLeast: 1.5,
    reachFor: 1.2,
  },
  {
    figure: "REST cancel, 64 in flight, no credential: CPU per call, longrunning / bare node:http",
    measure: "calls",
    ours: "REST, the engine/facade-open/64",
    theirs: "REST, the engine/node-http/64",
    atLeast: 1.8,
    reachFor: 1.5,
  },
  {
    figure: "REST cancel, 64 in flight, with a dispatcher: CPU per call, longrunning / google-gax",
    measure: "calls",
    ours: "REST, a dispatcher/facade-dispatcher/64",
    theirs: "REST, a dispatcher/gax/64",
    atLeast: 0.22,
    reachFor: 0.15,
  },
  {
    figure: "REST cancel, 64 in flight, with a dispatcher: CPU per call, longrunning / undici's dispatch()",
    measure: "calls",
    ours: "REST, a dispatcher/facade-dispatcher/64",
    theirs: "REST, a dispatcher/undici-dispatch/64",
    atLeast: 2.5,
    reachFor: 1.7,
  },
  {
    figure: "gRPC cancel, 64 in flight: CPU per call, longrunning / google-gax",
    measure: "calls",
    ours: "gRPC/facade/64",
    theirs: "gRPC/gax/64",
    atLeast: 0.85,
    reachFor: 0.7,
  },
  {
    figure: "gRPC cancel, 64 in flight, no credential: CPU per call, longrunning / google-gax",
    measure: "calls",
    ours: "gRPC, no credential/facade-open/64",
    theirs: "gRPC, no credential/gax-open/64",
    atLeast: 0.85,
    reachFor: 0.7,
  },
  {
    figure: "gRPC cancel, 64 in flight: CPU per call, longrunning / raw node:http2",
    measure: "calls",
    ours: "gRPC/facade/64",
    theirs: "gRPC/node-http2/64",
    atLeast: 1.9,
    reachFor: 1.6,
  },
  {
    figure: "gRPC cancel, 1 in flight: CPU per call, longrunning / raw node:http2",
    measure: "calls",
    ours: "gRPC/facade/1",
    theirs: "gRPC/node-http2/1",
    atLeast: 2.2,
    reachFor: 1.6,
  },
  {
    figure: "import of longrunning/admanager / @google-ads/admanager",
    measure: "import",
    ours: "import/longrunning/admanager",
    theirs: "import/@google-ads/admanager",
    atLeast: 0.25,
    reachFor: 0.2,
  },
  {
    figure: "first cancel from process start / @google-ads/admanager, client made and one get",
    measure: "first call",
    ours: "rest/admanager",
    theirs: "rest/google-ads-admanager",
    atLeast: 0.45,
    reachFor: 0.4,
  },
  {
    figure: "the same, both with a client of google-auth-library",
    measure: "first call",
    ours: "rest/admanager-auth",
    theirs: "rest/google-ads-admanager",
    atLeast: 0.45,
    reachFor: 0.4,
  },
  {
    figure: "longrunning cancel, start to end / a script with google-gax, both REST",
    measure: "command line",
    ours: "rest",
    theirs: "gax-rest",
    atLeast: 0.55,
    reachFor: 0.5,
  },
  {
    figure: "longrunning cancel, start to end / a script with @google-ads/admanager and one get",
    measure: "command line",
    ours: "rest",
    theirs: "google-ads-admanager",
    atLeast: 0.55,
    reachFor: 0.5,
  },
  {
    figure: "browser bundle of a cancel, gzip: longrunning / Connect over connect-web",
    measure: "bundle",
    ours: "cancel",
    theirs: "connect-web",
    atLeast: 1.45,
    reachFor: 1.35,
  },
  {
    figure: "browser bundle of a cancel, KB gzipped",
    measure: "bundle",
    ours: "cancel",
    theirs: undefined,
    atLeast: 56,
    reachFor: 52,
  },
  {
    figure: "browser bundle of the client and its REST transport, KB gzipped",
    measure: "bundle",
    ours: "client",
    theirs: undefined,
    atLeast: 64,
    reachFor: 60,
  },
  {
    figure: "installed size with all regular dependencies / @google-ads/admanager",
    measure: "installed",
    ours: "longrunning",
    theirs: "@google-ads/admanager",
    atLeast: 0.4,
    reachFor: 0.2,
  },
  {
    figure: "memory per watched operation, KB",
    measure: "memory",
    ours: "watched",
    theirs: undefined,
    atLeast: 3.6,
    reachFor: 2,
  },
  {
    figure: "calls to watch 10,000 operations of one parent for one poll each: by List / one Get each",
    measure: "growth",
    ours: "list/10000/calls",
    theirs: "get/10000/calls",
    atLeast: 0.02,
    reachFor: 0.001,
  },
  {
    figure: "CPU time for the same",
    measure: "growth",
    ours: "list/10000/cpu",
    theirs: "get/10000/cpu",
    atLeast: 0.2,
    reachFor: 0.1,
  },
  {
    figure: "a List page of 1,000 operations over REST, CPU: longrunning / JSON.parse",
    measure: "list",
    ours: "rest-longrunning",
    theirs: "rest-json-parse",
    atLeast: 5,
    reachFor: 3,
  },
  {
    figure: "cost per name in bulk, 100,000 against 1,000 names",
    measure: "bulk",
    ours: "100000",
    theirs: "1000",
    atLeast: 1.1,
    reachFor: 1,
  },
];

/** How the targets came out whose measures this run has. Lower is better in all of them. */
export function judge(results) {
  return TARGETS.flatMap(({ figure, measure, ours, theirs, atLeast, reachFor }) => {
    const samples = results.find((result) => result.name === measure)?.samples ?? {};
    if (samples[ours] === undefined || (theirs !== undefined && samples[theirs] === undefined)) return [];
    const values = theirs === undefined ? samples[ours] : ratios(samples[ours], samples[theirs]);
    const value = median(values);
    const outcome = value <= reachFor ? "reached" : value <= atLeast ? "met" : "NOT MET";
    return [{ figure, value, values, atLeast, reachFor, outcome }];
  });
}
