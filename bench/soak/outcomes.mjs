// SPDX-License-Identifier: Apache-2.0
// The operations of the long runs, which end in every way there is, and what a store or a client says of each.
import { Code } from "@connectrpc/connect";

/** One behaviour for each way in which an operation ends; a cancel may take `cancelDelayMs` to count. */
export const endings = (cancelDelayMs) => [
  { onCancel: "cancels" },
  { onCancel: "cancels", cancelDelayMs },
  { onCancel: "ignores" },
  { onCancel: "completes" },
  { error: { code: Code.InvalidArgument, message: "bad report" } },
  { error: { code: Code.Canceled, message: "stopped by the operator" } },
  { response: "none" },
];

/** The state of an operation: `running`, `succeeded`, `cancelled` or `failed`. */
export function stateOf({ done, result }) {
  if (!done) return "running";
  if (result.case !== "error") return "succeeded";
  return result.value.code === Code.Canceled ? "cancelled" : "failed";
}
