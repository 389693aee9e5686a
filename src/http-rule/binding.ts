// SPDX-License-Identifier: Apache-2.0
import type { DescField, DescMethod } from "@bufbuild/protobuf";
import type { FieldReader } from "./field/field-access.js";
import type { FieldPath } from "./field/field-path.js";
import type { ToText } from "./field/to-text.js";
import type { Template, TemplateVariable } from "./path/template.js";
import type { QueryEntry } from "./query/query-plan.js";

/** One binding of a method, with all decided that does not depend on the message. */
export interface Binding {
  readonly method: DescMethod;
  /** In upper case; `*` for any. */
  readonly verb: string;
  readonly template: Template;
  /** One for each variable of the template, in its order. */
  readonly variables: readonly BoundVariable[];
  /** The fields of the variables: what neither body nor query repeat. */
  readonly bound: readonly FieldPath[];
  readonly body: BodyPlan;
  /**
   * How the other fields go to the query; `undefined` where path and body have them all. Made when first asked for: a rule may
   * have a hundred bindings.
   */
  readonly query: (() => readonly QueryEntry[]) | undefined;
  readonly response: ContentPlan;
  /** Why no client can call it, when that is so; a server can match it all the same. */
  readonly uncallable: string | undefined;
}

/** A variable of a path, and the field of the request behind it. */
export interface BoundVariable {
  readonly variable: TemplateVariable;
  readonly field: DescField;
  readonly path: FieldPath;
  readonly read: FieldReader;
  readonly toText: ToText;
}

/** What the body of a request is: nothing, or some content. */
export type BodyPlan = { readonly kind: "none" } | ContentPlan;

/** What an HTTP body is that is there, of a request or a response. */
export type ContentPlan =
  /** `body: "*"` where the path has all fields there are: `{}` whatever the message. */
  | { readonly kind: "empty" }
  /** The message as JSON, without the fields of the path. */
  | { readonly kind: "message"; readonly bound: readonly FieldPath[] }
  /** The message is a google.api.HttpBody: its bytes. */
  | { readonly kind: "raw" }
  /** One field as JSON; `bound` are the fields of the path below it. */
  | { readonly kind: "field"; readonly field: DescField; readonly bound: readonly FieldPath[] }
  /** One field that is a google.api.HttpBody: its bytes. */
  | { readonly kind: "raw-field"; readonly field: DescField };

/** The bindings of one method, the primary one first. */
export interface CompiledRule {
  readonly method: DescMethod;
  readonly bindings: readonly Binding[];
  /** As the rule's. */
  readonly isFallback: boolean;
}
