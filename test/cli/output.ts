// SPDX-License-Identifier: Apache-2.0

/** What became of a run of the command. */
export interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A run under way. */
export interface Running {
  /** Resolves with its standard output so far, when either stream has a text in it. */
  said(text: string): Promise<string>;
  /** What both streams have so far. */
  printed(): string;
  kill(signal: NodeJS.Signals): void;
  readonly ended: Promise<Ended>;
}

type Name = "stdout" | "stderr";

/** Collects what a run writes. */
export function createOutput() {
  const output = { stdout: "", stderr: "" };
  const listeners = new Set<() => void>();
  return {
    write: (name: Name, text: string) => {
      output[name] += text;
      for (const listener of listeners) listener();
    },
    runOf: (status: Promise<number | null>, kill: Running["kill"]): Running => {
      const ended = status.then((status) => ({ status, ...output }));
      const printed = () => `${output.stdout}${output.stderr}`;
      const said = (text: string) =>
        new Promise<string>((resolve, reject) => {
          const check = () => {
            if (!printed().includes(text)) return;
            listeners.delete(check);
            resolve(output.stdout);
          };
          listeners.add(check);
          check();
          const missing = () => reject(new Error(`it ended without ${text}: ${printed()}`));
          ended.then(missing, reject);
        });
      return { said, printed, kill, ended };
    },
  };
}
