/** Items that are worked on at a time. */
const AT_ONCE = 20;

/** Works through a list, a few at a time: a fleet at once would be more requests than a table takes in one moment. */
export async function inTurn<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  for (let from = 0; from < items.length; from += AT_ONCE)
    await Promise.all(items.slice(from, from + AT_ONCE).map(work));
}
