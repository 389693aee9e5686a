// SPDX-License-Identifier: Apache-2.0

import { Agent } from "undici";
import {
  CallError,
  createRestTransport,
  type HttpOptions,
  type RestTransport,
  type RestTransportOptions,
} from "../../src/index.js";
import { closeAfterTest } from "./raw-server.js";

/** The engines that a REST transport runs on, as options, for `describe.each`. */
export const engines: [name: string, http: () => HttpOptions][] = [
  ["node", () => ({})],
  ["fetch", () => ({ fetch })],
  ["dispatcher", () => ({ dispatcher: testAgent() })],
];

/** An undici agent that is closed after the test. */
export function testAgent(): Agent {
  const agent = new Agent();
  closeAfterTest(() => agent.destroy());
  return agent;
}

/** The bindings of Ad Manager's service configuration. */
export const reportRunRules = [
  {
    selector: "google.longrunning.Operations.CancelOperation",
    post: "/v1/{name=networks/*/operations/reports/runs/*}:cancel",
  },
  {
    selector: "google.longrunning.Operations.GetOperation",
    get: "/v1/{name=networks/*/operations/reports/runs/*}",
  },
];

/** A transport that is closed after the test. */
export function createTestTransport(options: RestTransportOptions): RestTransport {
  const transport = createRestTransport(options);
  closeAfterTest(() => transport.close());
  return transport;
}

/** The error of a call that must fail. */
export async function callErrorOf(call: Promise<unknown>): Promise<CallError> {
  const error = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  return asCallError(error);
}

/** The error of a function that must throw. */
export function thrownBy(run: () => unknown): CallError {
  try {
    run();
  } catch (error) {
    return asCallError(error);
  }
  return asCallError(undefined);
}

function asCallError(error: unknown): CallError {
  if (error instanceof CallError) return error;
  throw new Error(`expected a CallError, got ${String(error)}`, { cause: error });
}
