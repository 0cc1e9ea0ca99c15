import type { PairRow } from "./model.ts";
import type { TaskParts } from "./parts.ts";

/** The lanes that a class can take and that are not paused. */
export async function openLanesOf(
  { book, pausedLanes }: Pick<TaskParts, "book" | "pausedLanes">,
  class_id: string,
): Promise<readonly PairRow[]> {
  const [pairs, paused] = await Promise.all([book.lanesOf(class_id), pausedLanes()]);
  return paused.size === 0 ? pairs : pairs.filter(({ lane }) => !paused.has(lane));
}
