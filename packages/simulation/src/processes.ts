/** A process of the plane: an instance of a function, which can die at any await. What it awaited then never comes. */
export interface Process {
  readonly name: string;
  readonly dead: boolean;
  /** Ends it, and tells those who wait for it. */
  die(): void;
  /** Calls back at its end, at once if that has come. */
  onDeath(act: () => void): void;
}

export function makeProcess(name: string): Process {
  let dead = false;
  const waiting: (() => void)[] = [];
  return {
    name,
    get dead() {
      return dead;
    },
    die() {
      if (dead) return;
      dead = true;
      for (const act of waiting.splice(0)) act();
    },
    onDeath: (act) => {
      if (dead) act();
      else waiting.push(act);
    },
  };
}
