// SPDX-License-Identifier: Apache-2.0
"use client";
import { cancelOne } from "../../program.js";
import { stopReport } from "./actions.js"; // of docs/recipes.md: compiled as a server action

export default function Page() {
  return (
    <>
      <button type="button" onClick={() => cancelOne(window.location.origin, "operations/1")}>
        Cancel
      </button>
      <button type="button" onClick={() => stopReport("networks/1/operations/reports/runs/1")}>
        Stop
      </button>
    </>
  );
}
