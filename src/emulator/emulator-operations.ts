// SPDX-License-Identifier: Apache-2.0
import {
  createRegistry,
  type DescMessage,
  type DescMethodUnary,
  type MessageInitShape,
  type MessageShape,
  type Registry,
} from "@bufbuild/protobuf";
import type { Any } from "@bufbuild/protobuf/wkt";
import type { Operation } from "../../gen/google/longrunning/operations_pb.js";
import type { StatusSchema } from "../../gen/google/rpc/status_pb.js";
import { checkNumber, invalidOption, rejectUnknownKeys } from "../errors/options.js";
import { registryFor } from "../json/registry.js";
import type { OperationScript } from "./operations/script.js";
import type { Store } from "./operations/store.js";
import { endingOf, type GivenProgress, operationAt, progressAt } from "./operations/timeline.js";
import { checkAny, checkTexts, statusOption } from "./option-check.js";
import { operationTypesOf, packed, startsOperation, type TypedScript } from "./script/method-script.js";

/** An operation as the test sees it, with details that clients do not see. */
export interface OperationView {
  /** Its current state; a deleted or vanished operation continues to run. */
  readonly operation: Operation;
  /** Whether a cancel request was accepted while it was running. */
  readonly cancelRequested: boolean;
  /** Whether a client deleted it. */
  readonly deleted: boolean;
  /** When it was started, in milliseconds of the emulator's clock. */
  readonly startMs: number;
  /**
   * When it ended or is expected to end, in milliseconds of the emulator's clock; may be `Infinity`.
   */
  readonly endMs: number;
  /** Progress from 0 to 100: by its time, or as set by `setProgress`. 100 only once it has succeeded. */
  readonly percent: number;
}

/** A result with which a test ends an operation. */
export type OperationEnd =
  | {
      /** It succeeds with this response. */
      readonly response: Any;
      /** Omit it when `response` is given. */
      readonly error?: undefined;
    }
  | {
      /** It fails with this status, or is cancelled with code 1. The code is google.rpc.Code and not 0. */
      readonly error: MessageInitShape<typeof StatusSchema>;
      /** Not beside an error. */
      readonly response?: undefined;
    };

/** The operations of an emulator, from the server's side. */
export interface EmulatorOperations {
  /**
   * Starts an operation and returns its name.
   *
   * @throws TypeError for a bad option; ConnectError `AlreadyExists` for an `id` that is in use
   */
  start(script?: OperationScript): string;
  /**
   * The operation as clients currently see it; return it from a method that starts operations.
   *
   * @throws ConnectError `NotFound`
   */
  get(name: string): Operation;
  /** Finds an operation by name; `undefined` if it never existed or was deleted long ago. */
  find(name: string): OperationView | undefined;
  /**
   * Ends a running operation now, regardless of its script; no effect on a finished one.
   *
   * @throws TypeError for an end that is neither a response nor an error; ConnectError `NotFound`
   */
  finish(name: string, end: OperationEnd): void;
  /**
   * Sets the percentage or the metadata of a running operation, overriding its script.
   *
   * @throws TypeError for a `percent` that is no whole number from 0 to 100; ConnectError `NotFound`
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
  /** Sets resources that lists report as unreachable (AIP-217); `[]` clears them. */
  setUnreachable(resources: readonly string[]): void;
  /** Resolves when all changes so far are in the state file; immediately if there is none. */
  saved(): Promise<void>;
}

const PROGRESS_KEYS = { percent: true, metadata: true } as const satisfies Record<keyof GivenProgress, true>;

/** Dependencies of {@link createEmulatorOperations}. */
export interface EmulatorOperationsOptions {
  readonly store: Store;
  /** Types of the served services, and the configured ones. */
  registry(): Registry;
  setUnreachable(resources: readonly string[]): void;
  saved(): Promise<void> | undefined;
}

/** Creates the test's view of a store. */
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
    finish: (name, end) => {
      rejectUnknownKeys("finish", end, { response: true, error: true });
      const { response, error } = end;
      if ((response === undefined) === (error === undefined)) {
        throw invalidOption("finish: expected either a response or an error");
      }
      if (response !== undefined) {
        checkAny("finish: response", response);
        store.finish(name, { case: "response", value: response });
      } else store.finish(name, { case: "error", value: statusOption("finish: error", error) });
    },
    setProgress: (name, progress) => {
      rejectUnknownKeys("setProgress", progress, PROGRESS_KEYS);
      const { percent, metadata } = progress;
      if (metadata !== undefined) checkAny("metadata", metadata);
      if (percent !== undefined) checkNumber("percent", percent, { min: 0, max: 100, whole: true });
      store.setProgress(name, progress);
    },
    setUnreachable: (resources) => {
      setUnreachable(checkTexts("setUnreachable: resources", resources));
    },
    saved: async () => saved(),
  };
}
