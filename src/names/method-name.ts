// SPDX-License-Identifier: Apache-2.0

import type { DescMethod } from "@bufbuild/protobuf";

/**
 * A method's full name, `google.longrunning.Operations.CancelOperation`: the `selector` of a
 * google.api.HttpRule, and how errors and logs of this library name a method.
 */
export function selectorOf(method: DescMethod): string {
  return `${method.parent.typeName}.${method.name}`;
}

/** The last part of a selector, `CancelOperation`: what a reader needs where the service is known. */
export function shortNameOf(selector: string): string {
  return selector.slice(selector.lastIndexOf(".") + 1);
}
