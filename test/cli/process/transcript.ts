// SPDX-License-Identifier: Apache-2.0

/** Text that comes bit by bit, from a process under way. */
export interface Transcript {
  /** All of it so far. */
  text(): string;
  add(part: string): void;
  /** Says that no more will come. */
  end(): void;
  /** Resolves when the text is as wanted; rejects when it has ended and is not. */
  until(isWanted: (text: string) => boolean): Promise<void>;
}

/** Creates an empty one. */
export function createTranscript(): Transcript {
  let all = "";
  let isOver = false;
  const checks = new Set<() => void>();
  const checkAgain = () => {
    for (const check of [...checks]) check();
  };
  return {
    text: () => all,
    add: (part) => {
      all += part;
      checkAgain();
    },
    end: () => {
      isOver = true;
      checkAgain();
    },
    until: (isWanted) =>
      new Promise((resolve, reject) => {
        const check = () => {
          if (isWanted(all)) resolve();
          else if (isOver) reject(new Error(`it ended after ${JSON.stringify(all)}`));
          else return;
          checks.delete(check);
        };
        checks.add(check);
        check();
      }),
  };
}
