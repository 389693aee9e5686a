// SPDX-License-Identifier: Apache-2.0
import { messageFrom } from "./text.js";

/** The script of an operation that the form describes, in the words of the control API. @throws Error */
export function scriptFrom(form: FormData): object {
  const text = (name: string) => String(form.get(name) ?? "").trim();
  const metadata = messageFrom("Metadata", text("metadata"));
  const response = messageFrom("Response", text("response"));
  const error = { code: text("code"), message: text("message") };
  return {
    ...(text("name") !== "" && { name: text("name") }),
    duration: text("duration"),
    "on-cancel": text("on-cancel"),
    ...(metadata !== undefined && { metadata }),
    ...(text("end") === "error" ? { error } : response !== undefined && { response }),
  };
}
