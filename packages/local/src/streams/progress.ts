/** A record on its way; `done` once it needs no more work. */
export interface Passage {
  sequence: string;
  done: boolean;
}

/** Knows the last record before which nothing is open, though lanes end their work in any order. */
export interface Progress {
  add(sequence: string, done: boolean): Passage;
  finish(passages: readonly Passage[]): void;
  /** Records that are open, and those done behind them. */
  waiting(): number;
  /** The sequence number up to which all is done, if that moved since the last call. */
  takeMoved(): string | undefined;
}

export function startProgress(): Progress {
  const passages: Passage[] = [];
  let moved: string | undefined;
  const advance = () => {
    const firstOpen = passages.findIndex((passage) => !passage.done);
    const passed = passages.splice(0, firstOpen < 0 ? passages.length : firstOpen);
    moved = passed.at(-1)?.sequence ?? moved;
  };
  return {
    add: (sequence, done) => {
      const passage = { sequence, done };
      passages.push(passage);
      if (done && passages[0]?.done) advance();
      return passage;
    },
    finish: (finished) => {
      for (const passage of finished) passage.done = true;
      if (passages[0]?.done) advance();
    },
    waiting: () => passages.length,
    takeMoved: () => {
      const taken = moved;
      moved = undefined;
      return taken;
    },
  };
}
