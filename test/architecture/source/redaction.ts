// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { root, sourceFiles } from "../source-files.js";
import { nodesOf, parse, placeOf } from "../syntax.js";

// A call ends in one place for each kind of call, which takes the credentials out of its error: nothing in a transport goes around it.

/** Everything around a node, from the inside out. */
function around(node: ts.Node): ts.Node[] {
  const found: ts.Node[] = [];
  for (let parent = node.parent; parent !== undefined; parent = parent.parent) found.push(parent);
  return found;
}

/** The calls of these methods in a file. */
function callsOf(file: string, callee: RegExp): ts.CallExpression[] {
  return nodesOf(parse(file))
    .filter((node) => ts.isCallExpression(node))
    .filter(({ expression }) => callee.test(expression.getText()));
}

/** Whether what a node throws goes through `withoutSentSecrets`, under this name or that of a function made of it. */
function isRedacted(node: ts.Node): boolean {
  const names = nodesOf(node.getSourceFile()).flatMap((one) =>
    ts.isVariableDeclaration(one) &&
    /^\([^)]*\) =>\s+withoutSentSecrets\(/.test(one.initializer?.getText() ?? "")
      ? one.name.getText()
      : [],
  );
  const caught =
    around(node)
      .find((one) => ts.isTryStatement(one))
      ?.catchClause?.getText() ?? "";
  return ["withoutSentSecrets", ...names].some((name) => caught.includes(`${name}(`));
}

const transports = sourceFiles().filter((file) => file.startsWith("src/transport/"));
const unaryCalls = transports.flatMap((file) => callsOf(file, /^protocol\.unary$/));
const streamCalls = transports.flatMap((file) => callsOf(file, /^protocol\.serverStream$/));
const filesOf = (calls: readonly ts.Node[]) => calls.map((call) => call.getSourceFile().fileName);

test("a transport calls its protocol in the two places that end calls", () => {
  expect(filesOf(unaryCalls)).toEqual(["src/transport/call/run-unary.ts"]);
  expect(filesOf(streamCalls)).toEqual(["src/transport/call/run-stream.ts"]);
});

test("no error of a call leaves those places with a credential", () => {
  const ends = [...unaryCalls, ...streamCalls];
  expect(ends.filter((call) => !isRedacted(call)).map(placeOf)).toEqual([]);
});

test("no other module ends a call of its own: whoever makes a transport passes on to one", () => {
  const mentioning = sourceFiles().filter((file) =>
    /run(Unary|Stream)\(/.test(readFileSync(join(root, file), "utf8")),
  );
  const runners = mentioning.flatMap((file) => callsOf(file, /^(runUnary|runStream)$/));
  const places = new Set(runners.map((call) => call.getSourceFile().fileName));
  expect([...places].filter((file) => !file.startsWith("src/emulator/"))).toEqual([
    "src/transport/call/transport.ts",
  ]);
});
