/** A task of one call: its name in the call, and the names and ids that it waits for. */
export interface CallTask {
  ref: string;
  depends_on: readonly string[];
}

/**
 * Finds a cycle among the tasks of one call, in time linear in tasks and dependencies.
 * @returns the way round, each waiting for the next, the first named again at the end; `undefined` where there is none.
 * Dependencies on anything outside the call are passed over: it is older, so it cannot wait for the call.
 */
export function findCycle(tasks: readonly CallTask[]): string[] | undefined {
  const waitsFor = new Map(tasks.map(({ ref, depends_on }) => [ref, depends_on]));
  const done = new Set<string>();
  for (const { ref } of tasks) {
    const cycle = walk(ref, waitsFor, done);
    if (cycle) return cycle;
  }
  return undefined;
}

/** Depth first with a stack of its own, since a chain of tasks may be longer than the engine's. */
function walk(
  start: string,
  waitsFor: ReadonlyMap<string, readonly string[]>,
  done: Set<string>,
): string[] | undefined {
  const path: { ref: string; next: number }[] = [];
  const placeOf = new Map<string, number>();
  const enter = (ref: string) => {
    placeOf.set(ref, path.length);
    path.push({ ref, next: 0 });
  };
  if (!done.has(start)) enter(start);
  for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
    const dependency = waitsFor.get(top.ref)?.[top.next];
    top.next += 1;
    if (dependency === undefined) {
      path.pop();
      placeOf.delete(top.ref);
      done.add(top.ref);
      continue;
    }
    const place = placeOf.get(dependency);
    if (place !== undefined) return [...path.slice(place).map(({ ref }) => ref), dependency];
    if (waitsFor.has(dependency) && !done.has(dependency)) enter(dependency);
  }
  return undefined;
}
