import type { Instant } from "@omoios/kernel/clock";
import type { Point, Series, SeriesStore } from "../series/model.ts";

/** Points that one sweep takes up of a series of what was missed; the next one goes on from there. */
export const REPLAYED_POINTS = 1_000;
/** What is older is left out: a pause of a day is a gap, over which nothing is known. */
export const REPLAYED_MS = 86_400_000;

/** The last points of a series, which its row holds. */
export const heldPoints = ({ tail = [], recent }: Series): readonly Point[] => [...tail, ...recent];

/** Whether there may be points after `last_at` which the row holds no more: they went into chunks before the newest one's end. */
export function missesPoints({ tail }: Series, last_at: Instant): boolean {
  const [first] = tail ?? [];
  return first !== undefined && first[0] > last_at;
}

/** What a series holds after `last_at`, oldest first, with what only its chunks hold: a page of it, and where that is all, the last points too. */
export async function replayedPoints(
  store: Pick<SeriesStore, "history">,
  series: Series,
  last_at: Instant,
  now: Instant,
): Promise<readonly Point[]> {
  const held = heldPoints(series);
  const until = (held[0]?.[0] ?? now) - 1;
  const from = Math.max(last_at + 1, now - REPLAYED_MS);
  if (from > until) return held;
  const { rows, cursor } = await store.history(series, { from, until }, { limit: REPLAYED_POINTS });
  return cursor === undefined ? [...rows, ...held] : rows;
}
