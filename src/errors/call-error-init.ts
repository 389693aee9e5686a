// SPDX-License-Identifier: Apache-2.0

import type { Registry } from "@bufbuild/protobuf";
import type { Code } from "@connectrpc/connect";
import type { CallErrorReason } from "./call-error-reason.js";
import type { ErrorDetail } from "./error-details.js";

/** What a CallError is made of. */
export interface CallErrorInit {
  readonly code: Code;
  /** The server's own words, or ours when nothing was sent. Method, name and advice are put around it. */
  readonly message: string;
  /** The method's full name, `google.longrunning.Operations.CancelOperation`. */
  readonly method?: string | undefined;
  readonly operationName?: string | undefined;
  /** Headers and trailers of the answer. Never those of the request, which hold credentials. */
  readonly metadata?: HeadersInit | undefined;
  readonly details?: readonly ErrorDetail[] | undefined;
  readonly cause?: unknown;
  readonly httpStatus?: number | undefined;
  /** Whether the request may have reached the server. */
  readonly requestSent: boolean;
  /** @default 1 */
  readonly attempts?: number | undefined;
  /** @default what follows from the code and the method */
  readonly reason?: CallErrorReason | undefined;
  /** What to do, for the end of `message`. @default what follows from the reason, the details and the cause */
  readonly advice?: string | undefined;
  /** Types of details, for `toJSON`. @default those that every call knows */
  readonly registry?: Registry | undefined;
  /** Whether the method starts an operation: when its response is lost, one may be running. @default false */
  readonly startsOperation?: boolean | undefined;
}

/** What is known about a call beside the error that it ended with. */
export interface CallErrorContext {
  readonly method?: string | undefined;
  readonly operationName?: string | undefined;
  /** @default true, since "the server cannot have seen it" is the claim that needs proof */
  readonly requestSent?: boolean | undefined;
  readonly attempts?: number | undefined;
  readonly reason?: CallErrorReason | undefined;
  /** Types of details, for `toJSON`. @default those that every call knows */
  readonly registry?: Registry | undefined;
  /** Whether the method starts an operation: when its response is lost, one may be running. @default false */
  readonly startsOperation?: boolean | undefined;
}
