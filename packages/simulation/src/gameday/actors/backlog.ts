import type { Time } from "../time.ts";

/** Work that never ends: a ticket, and always a few tasks more than there are agents. */
export interface Backlog {
  /** Goes on filling up for so many agents as there are, until it is closed. */
  fill(agents: () => number): Promise<void>;
  /** So many tasks at once. */
  flood(tasks: number): Promise<void>;
  completed(): void;
  /** No task is made any more once this has settled. */
  close(): Promise<unknown>;
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
  let closed = false;
  let making: Promise<unknown> = Promise.resolve();

  const add = async (count: number): Promise<void> => {
    open += count;
    for (let left = count; left > 0 && !closed; left -= BATCH) {
      const made = make(Math.min(left, BATCH));
      making = Promise.allSettled([making, made]);
      await made;
    }
  };

  return {
    async fill(agents) {
      while (!closed) {
        const wanted = agents() * (1 + ROUNDS);
        if (open < agents() * ROUNDS) await add(wanted - open);
        await time.sleep(LOOK_MS);
      }
    },
    flood: add,
    completed() {
      open--;
    },
    close() {
      closed = true;
      return making;
    },
  };
}
