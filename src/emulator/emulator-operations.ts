// SPDX-License-Identifier: Apache-2.0
import {
  create,
  createRegistry,
  type DescMessage,
  type DescMethodUnary,
  type MessageInitShape,
  type MessageShape,
  type Registry,
} from "@bufbuild/protobuf";
import type { Any } from "@bufbuild/protobuf/wkt";
import type { Operation } from "../../gen/google/longrunning/operations_pb.js";
import { StatusSchema } from "../../gen/google/rpc/status_pb.js";
import { registryFor } from "../json/registry.js";
import type { OperationScript } from "./operations/script.js";
import type { Store } from "./operations/store.js";
import { endingOf, type GivenProgress, operationAt, progressAt } from "./operations/timeline.js";
import { checkCount } from "./option-check.js";
import { operationTypesOf, packed, startsOperation, type TypedScript } from "./script/method-script.js";

/** An operation as the test's own code sees it: more than a client sees. */
export interface OperationView {
  /** The operation now; also of a deleted or vanished one, which runs on. */
  readonly operation: Operation;
  /** Whether a client's cancel was accepted while it ran. */
  readonly cancelRequested: boolean;
  /** Whether a client deleted it. */
  readonly deleted: boolean;
  /** When it was started, in milliseconds of the emulator's clock. */
  readonly startMs: number;
  /**
   * When it is or was done, in milliseconds of the emulator's clock, as far as can be told now; may be
   * `Infinity`.
   */
  readonly endMs: number;
  /** How far it is, from 0 to 100: by its time, or as `setProgress` said. 100 only once it has succeeded. */
  readonly percent: number;
}

/** An end that the test's own code gives an operation. */
export type OperationEnd =
  | {
      /** It succeeds with this response. */
      readonly response: Any;
      /** Not beside a response. */
      readonly error?: undefined;
    }
  | {
      /** It fails with this status, or is cancelled with code 1. The code is google.rpc.Code and not 0. */
      readonly error: MessageInitShape<typeof StatusSchema>;
      /** Not beside an error. */
      readonly response?: undefined;
    };

/** The operations of an emulator, from the side of the server that runs them. */
export interface EmulatorOperations {
  /**
   * Starts an operation and returns its name.
   *
   * @throws TypeError for a bad option; ConnectError `AlreadyExists` for an `id` that is taken
   */
  start(script?: OperationScript): string;
  /**
   * The operation as a client sees it now: what a method that starts one returns.
   *
   * @throws ConnectError `NotFound`
   */
  get(name: string): Operation;
  /** What is behind a name; `undefined` when there never was such an operation, or it is long deleted. */
  find(name: string): OperationView | undefined;
  /**
   * Ends a running operation now, whatever its script says; a finished one stays as it is.
   *
   * @throws ConnectError `NotFound`
   */
  finish(name: string, end: OperationEnd): void;
  /**
   * Sets the percentage or the metadata of a running operation, in place of what its script says.
   *
   * @throws ConnectError `NotFound`
   */
  setProgress(name: string, progress: GivenProgress): void;
  /**
   * An implementation for `serve`: a method that starts an operation, with the response and the metadata as plain
   * objects of the types that its `google.longrunning.operation_info` names.
   *
   * ```ts
   * emulator.serve(DatabaseAdmin, {
   *   createDatabase: emulator.operations.starting(DatabaseAdmin.method.createDatabase, { response: { name: "db" } }),
   * });
   * ```
   *
   * Operations live below the request's `parent` or `name`, unless the script has a `parent`.
   *
   * @throws TypeError for a method without `operation_info`, or with types that the `registry` does not have
   */
  starting<Input extends DescMessage>(
    method: DescMethodUnary<Input>,
    script?: TypedScript | ((request: MessageShape<Input>) => TypedScript),
  ): (request: MessageShape<Input>) => Operation;
  /** Makes lists meet resources that cannot be reached (AIP-217); `[]` makes them whole again. */
  setUnreachable(resources: readonly string[]): void;
  /** Resolves when all that was done so far is in the state file; at once without one. */
  saved(): Promise<void>;
}

/** What {@link createEmulatorOperations} stands on. */
export interface EmulatorOperationsOptions {
  readonly store: Store;
  /** Types of the services that are served, and those given. */
  registry(): Registry;
  setUnreachable(resources: readonly string[]): void;
  saved(): Promise<void> | undefined;
}

/** The control over a store that tests get. */
export function createEmulatorOperations(options: EmulatorOperationsOptions): EmulatorOperations {
  const { store, registry, setUnreachable, saved } = options;
  const start = (script: OperationScript = {}) => store.start(script).name;
  const get = (name: string) => store.get(name);
  return {
    start,
    get,
    starting: (method, script = {}) => {
      const types = operationTypesOf(method, createRegistry(registry(), registryFor(method)));
      const scriptFor = typeof script === "function" ? script : () => script;
      return startsOperation({ start, get }, (request) => packed(scriptFor(request), types));
    },
    find: (name) => {
      const record = store.find(name);
      return (
        record && {
          operation: operationAt(record, store.now()),
          cancelRequested: record.cancelRequestedMs !== undefined,
          deleted: record.deletedMs !== undefined,
          startMs: record.startedMs,
          endMs: endingOf(record).atMs,
          percent: progressAt(record, store.now()).percent,
        }
      );
    },
    finish: (name, { response, error }) => {
      if (error === undefined) {
        store.finish(name, { case: "response", value: response });
        return;
      }
      const status = create(StatusSchema, error);
      checkCount("error.code", status.code);
      store.finish(name, { case: "error", value: status });
    },
    setProgress: store.setProgress,
    setUnreachable,
    saved: async () => saved(),
  };
}
