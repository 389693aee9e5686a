// SPDX-License-Identifier: Apache-2.0
import { ConnectError } from "@connectrpc/connect";
import { codeFromHttpStatus } from "../../errors/http-status.js";

/** An HTTP answer that no service gave. */
export interface FaultPage {
  readonly status: number;
  readonly body: string;
  readonly contentType: string;
}

/** A failed call that REST answers with a page as it is. */
export type PageError = ConnectError & { readonly page: FaultPage };

/** The error that carries a page to where the call is answered. */
export function pageError(page: FaultPage): PageError {
  const message = `HTTP ${page.status} that no service gave.`;
  return Object.assign(new ConnectError(message, codeFromHttpStatus(page.status)), { page });
}

/** Whether an error is answered with a page. */
export function isPageError(error: ConnectError): error is PageError {
  return "page" in error;
}
