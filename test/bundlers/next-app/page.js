// SPDX-License-Identifier: Apache-2.0
"use client";
import { cancelOne } from "../../program.js";

export default function Page() {
  return (
    <button type="button" onClick={() => cancelOne(window.location.origin, "operations/1")}>
      Cancel
    </button>
  );
}
