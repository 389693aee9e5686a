// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { CallError } from "../../src/index.js";
import { ANSWER, CODES, type Ending, type Fault, type SubjectName } from "./fault.js";
import { printMatrix, record, tableFigures } from "./matrix.js";
import { runFault, wordFor } from "./run-fault.js";
import { SUBJECTS } from "./subjects.js";
import { FAULTS } from "./table.js";

const rejections: unknown[] = [];
const onRejection = (reason: unknown) => rejections.push(reason);
beforeAll(() => {
  process.on("unhandledRejection", onRejection);
  // The unknown host is to be unknown to this machine, not to a proxy.
  for (const variable of ["https_proxy", "HTTPS_PROXY"]) delete process.env[variable];
});
afterAll(() => {
  process.off("unhandledRejection", onRejection);
  printMatrix();
});

/** Every other call carries a credential; in long tests each fault is met with one and without. */
const lanesOf = (index: number) => (process.env.LONG === "1" ? [false, true] : [index % 2 === 1]);

/** A credential that is refused is refreshed once, and the next call of these servers is answered. */
function endingOf({ endings }: Fault, name: SubjectName, hasCredential: boolean): Ending {
  const ending = endings[name];
  return hasCredential && ending.kind === "error" && ending.reason === "unauthenticated" ? ANSWER : ending;
}

describe.each(Object.keys(SUBJECTS) as SubjectName[])("%s", (name) => {
  const happening = FAULTS.filter(({ endings }) => endings[name].kind !== "n/a").flatMap((fault, index) =>
    lanesOf(index).map((hasCredential) => ({
      title: hasCredential ? `${fault.title}, with a credential` : fault.title,
      fault,
      hasCredential,
    })),
  );

  test.each(happening)("$title", async ({ fault, hasCredential }) => {
    const ending = endingOf(fault, name, hasCredential);
    const outcome = await runFault(fault, name, hasCredential);
    record(fault, name, wordFor(outcome));
    const { error, nextError, leakedSockets } = outcome;
    if (ending.kind === "error") {
      expect(error).toBeInstanceOf(CallError);
      expect(error).toMatchObject({
        code: CODES[ending.reason],
        reason: ending.reason,
        ...(ending.requestSent !== undefined && { requestSent: ending.requestSent }),
        method: "google.longrunning.Operations.GetOperation",
        operationName: "operations/1",
      });
    } else expect(error).toBeUndefined();
    const next = fault.next?.[name];
    if (next === undefined) expect(nextError).toBeUndefined();
    else expect(nextError).toMatchObject({ reason: next });
    if (fault.lingers !== name) expect(leakedSockets).toBe(0);
    expect(rejections).toEqual([]);
  });
});

test("a table without gaps: each fault has a misbehaviour for each protocol where it has an ending", () => {
  for (const fault of FAULTS) {
    const anywhere =
      fault.place ?? fault.connection ?? fault.stuck ?? /abort (before|after) the call/.test(fault.title);
    if (anywhere) continue;
    const { title, endings } = fault;
    expect([title, fault.http1 !== undefined]).toEqual([title, endings.REST.kind !== "n/a"]);
    expect([title, fault.http2 !== undefined]).toEqual([title, endings.gRPC.kind !== "n/a"]);
  }
});

test("SECURITY.md has the numbers of this table", () => {
  const { faults, cases } = tableFigures();
  const text = readFileSync(join(__dirname, "../../SECURITY.md"), "utf8");
  expect(text).toContain(`${faults} faults`);
  expect(text).toContain(`${cases} cases`);
});
