import type { Time } from "../time.ts";

/** Work that never ends: a ticket, and always a few tasks more than there are agents. */
export interface Backlog {
  /** Goes on filling up for so many agents as there are. */
  fill(agents: () => number): Promise<never>;
  /** So many tasks at once. */
  flood(tasks: number): Promise<void>;
  completed(): void;
}

export interface BacklogParts {
  time: Time;
  /** Makes so many tasks of the ticket. */
  make(tasks: number): Promise<unknown>;
}

const LOOK_MS = 2_000;
/** Tasks ready beside those at work, in rounds of all agents. */
const ROUNDS = 2;
/** The most of one call. */
const BATCH = 100;

export function backlogOf({ time, make }: BacklogParts): Backlog {
  let open = 0;

  const add = async (count: number): Promise<void> => {
    open += count;
    for (let left = count; left > 0; left -= BATCH) await make(Math.min(left, BATCH));
  };

  return {
    async fill(agents) {
      for (;;) {
        const wanted = agents() * (1 + ROUNDS);
        if (open < agents() * ROUNDS) await add(wanted - open);
        await time.sleep(LOOK_MS);
      }
    },
    flood: add,
    completed() {
      open--;
    },
  };
}
