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
  const looks = new Set<() => void>();
  const lookAgain = () => {
    for (const look of [...looks]) look();
  };
  return {
    text: () => all,
    add: (part) => {
      all += part;
      lookAgain();
    },
    end: () => {
      isOver = true;
      lookAgain();
    },
    until: (isWanted) =>
      new Promise((resolve, reject) => {
        const look = () => {
          if (isWanted(all)) resolve();
          else if (isOver) reject(new Error(`it ended after ${JSON.stringify(all)}`));
          else return;
          looks.delete(look);
        };
        looks.add(look);
        look();
      }),
  };
}
