import { piecesOf } from "@omoios/kernel/pieces";

/** Items that are worked on at a time. */
const AT_ONCE = 20;

/** Works through a list, a few at a time: a fleet at once would be more requests than a table takes in one moment. */
export async function inTurn<T>(
  items: readonly T[],
  work: (item: T) => Promise<void>,
  at_once = AT_ONCE,
): Promise<void> {
  for (const some of piecesOf(items, at_once)) await Promise.all(some.map(work));
}
