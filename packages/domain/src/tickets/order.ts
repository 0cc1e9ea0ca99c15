/** Something that waits for others of its list, by their keys. */
interface Ordered {
  key: string;
  depends_on: readonly string[];
}

/**
 * The list with everything behind what it depends on, and otherwise in its own order.
 * Where that is impossible, `cycle` is the way round: each key depends on the next, and the last is the first again.
 * Keys that are not in the list are passed over.
 */
export function inDependencyOrder<T extends Ordered>(list: readonly T[]): { ordered: T[]; cycle?: string[] } {
  const byKey = new Map(list.map((entry) => [entry.key, entry]));
  const ordered: T[] = [];
  const done = new Set<string>();
  const path: string[] = [];
  const visit = (entry: T): string[] | undefined => {
    if (done.has(entry.key)) return undefined;
    if (path.includes(entry.key)) return [...path.slice(path.indexOf(entry.key)), entry.key];
    path.push(entry.key);
    for (const key of entry.depends_on) {
      const needed = byKey.get(key);
      const cycle = needed && visit(needed);
      if (cycle) return cycle;
    }
    path.pop();
    done.add(entry.key);
    ordered.push(entry);
    return undefined;
  };
  for (const entry of list) {
    const cycle = visit(entry);
    if (cycle) return { ordered, cycle };
  }
  return { ordered };
}
