/** Wakes claims of this process that wait for work. A signal is a hint, and comes only where what makes tasks ready runs in this process: who waits also looks by itself. */
export interface LaneWatch {
  /** A task became ready in the lane: so many of those who wait for it are woken, one unless given, longest waiting first. */
  notify(lane: string, most?: number): void;
  /** Waits for a signal of one of the lanes, at most `ms`, and says whether it came. */
  wait(lanes: ReadonlySet<string>, ms: number): Promise<boolean>;
  /** Claims a place among those who may wait at a time; gives it back by calling the result. `undefined` when all are taken. */
  enter(): (() => void) | undefined;
}

interface Waiter {
  lanes: ReadonlySet<string>;
  wake: () => void;
}

/** Keeps the waiting claims of one process, at most `places` of them. */
export function laneWatch(places: number): LaneWatch {
  const waiters = new Set<Waiter>();
  let taken = 0;
  return {
    notify(lane, most = 1) {
      let left = most;
      for (const waiter of waiters) {
        if (!waiter.lanes.has(lane)) continue;
        waiters.delete(waiter);
        waiter.wake();
        if (--left === 0) return;
      }
    },

    wait(lanes, ms) {
      return new Promise((resolve) => {
        const waiter: Waiter = {
          lanes,
          wake: () => {
            clearTimeout(timer);
            resolve(true);
          },
        };
        const timer = setTimeout(() => {
          waiters.delete(waiter);
          resolve(false);
        }, ms);
        waiters.add(waiter);
      });
    },

    enter() {
      if (taken >= places) return undefined;
      taken++;
      return () => {
        taken--;
      };
    },
  };
}
