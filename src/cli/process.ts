// SPDX-License-Identifier: Apache-2.0

/** A stream to write to, which may be a terminal. */
export type Output = NodeJS.WritableStream & {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
};

/** The signals that end a command gracefully; SIGBREAK is Ctrl-Break of Windows. */
export type SignalName = "SIGINT" | "SIGBREAK" | "SIGTERM" | "SIGHUP";

/** The parts of `process` that the command line uses; injected in tests. */
export interface ProcessContext {
  /** The arguments after the command's name. */
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly stdin: NodeJS.ReadableStream;
  readonly stdout: Output;
  readonly stderr: Output;
  /** Makes a signal call the listener instead of ending the process. @returns a function that undoes it */
  onSignal(signal: SignalName, listener: () => void): () => void;
  /** Ends the process at once. */
  exit(status: number): never;
}
