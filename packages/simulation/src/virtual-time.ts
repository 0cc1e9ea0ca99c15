import type { Clock, Instant } from "@omoios/kernel/clock";

/** Time that moves only when everything that could happen now has happened. */
export interface VirtualTime extends Clock {
  /** Lets something happen in so many milliseconds. Of two things due at the same moment the one that was planned first comes first. */
  after(ms: number, act: () => void | Promise<void>): void;
  /** Waits in virtual time. */
  sleep(ms: number): Promise<void>;
  /** Lets things happen one after another, until the condition holds before one of them or nothing is planned any more. */
  run(until: () => boolean): Promise<void>;
}

interface Planned {
  at: Instant;
  order: number;
  act: () => void | Promise<void>;
}

export function virtualTime(start: Instant): VirtualTime {
  const heap: Planned[] = [];
  let now = start;
  let order = 0;
  const after: VirtualTime["after"] = (ms, act) => {
    push(heap, { at: now + Math.max(0, Math.round(ms)), order: order++, act });
  };
  return {
    now: () => now,
    after,
    sleep: (ms) => new Promise((resolve) => after(ms, resolve)),
    async run(until) {
      await drained();
      while (!until()) {
        const next = pop(heap);
        if (next === undefined) return;
        now = next.at;
        await next.act();
        await drained();
      }
    },
  };
}

/** Every promise that could go on has gone on: all that waits now waits for something planned. */
const drained = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

const before = (a: Planned, b: Planned): boolean => a.at < b.at || (a.at === b.at && a.order < b.order);

function push(heap: Planned[], planned: Planned): void {
  let at = heap.length;
  heap.push(planned);
  while (at > 0) {
    const parent = (at - 1) >> 1;
    const above = heap[parent];
    if (above === undefined || !before(planned, above)) break;
    heap[at] = above;
    at = parent;
  }
  heap[at] = planned;
}

function pop(heap: Planned[]): Planned | undefined {
  const first = heap[0];
  const last = heap.pop();
  if (last === undefined || first === undefined || heap.length === 0) return first;
  let at = 0;
  for (;;) {
    const left = 2 * at + 1;
    const right = left + 1;
    let least = left;
    const [l, r] = [heap[left], heap[right]];
    if (l === undefined) break;
    if (r !== undefined && before(r, l)) least = right;
    const child = heap[least];
    if (child === undefined || !before(child, last)) break;
    heap[at] = child;
    at = least;
  }
  heap[at] = last;
  return first;
}
