// SPDX-License-Identifier: Apache-2.0
import type { DescService, Registry } from "@bufbuild/protobuf";
import { invalidOption } from "../../errors/options.js";
import { selectorOf } from "../../names/method-name.js";
import { shorten } from "../../names/shorten.js";

const FULL_NAME = /^[A-Za-z_]\w*(\.[A-Za-z_]\w*)+$/;

/**
 * Rejects a method that no call can have, since its fault would never apply: a name that is not full, a service, or a
 * method that a known service lacks. A service that is not known may be served later.
 *
 * @throws TypeError with the full names that may be meant
 */
export function checkFaultMethod(method: unknown, registry: Registry): void {
  if (typeof method !== "string") throw unknownMethod(String(method), []);
  const services = [...registry].filter((type) => type.kind === "service");
  const methods = services.flatMap((service) => service.methods.map(selectorOf));
  if (methods.includes(method)) return;
  const isMissing = services.some((service) => isOf(service, method));
  if (FULL_NAME.test(method) && !isMissing) return;
  const short = method.slice(Math.max(method.lastIndexOf("."), method.lastIndexOf("/")) + 1).toLowerCase();
  throw unknownMethod(
    method,
    methods.filter((name) => name.toLowerCase().endsWith(`.${short}`)),
  );
}

/** Whether a name is that of the service, or of something in it. */
function isOf({ typeName }: DescService, name: string): boolean {
  return name === typeName || name.slice(0, name.lastIndexOf(".")) === typeName;
}

function unknownMethod(method: string, meant: readonly string[]): TypeError {
  const expected =
    meant.length > 0 ? meant.join(" or ") : "a full name, such as google.longrunning.Operations.GetOperation";
  return invalidOption(
    `method: not the full name of a method (got ${JSON.stringify(shorten(method, 200))}; expected ${expected})`,
  );
}
