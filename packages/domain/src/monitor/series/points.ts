import { CHUNK_MS, CHUNK_POINTS, type Chunk, type Point, type Series, TAIL_POINTS } from "./model.ts";

/** What points make of a series. */
export interface Taken {
  /** The series with its new points; the same as before where there is none. */
  series: Series;
  /** Points that go into the history now: full chunks, and points that came late. */
  chunks: Chunk[];
  /** Points that are newer than the series' last one, oldest first. */
  fresh: Point[];
}

/** Adds points in any order. What is older than the last one is history and nothing else; a moment that is known says nothing new. */
export function takePoints(before: Series, points: readonly Point[]): Taken {
  const known = new Set(before.recent.map(([at]) => at));
  const last = before.recent.at(-1)?.[0] ?? Number.NEGATIVE_INFINITY;
  const ordered = inOrder(points);
  const fresh = ordered.filter(([at]) => at > last);
  const late = packed(ordered.filter(([at]) => at < last && !known.has(at)));
  if (fresh.length === 0) return { series: before, chunks: late, fresh };
  const live = packed([...before.recent, ...fresh]);
  const chunked = live.slice(0, -1).flat();
  const tail = chunked.length === 0 ? {} : { tail: chunked.slice(-TAIL_POINTS) };
  return { series: { ...before, recent: live.at(-1) ?? [], ...tail }, chunks: [...late, ...live.slice(0, -1)], fresh };
}

/** One point for each moment, oldest first; of several the last one given. */
export function inOrder(points: readonly Point[]): Point[] {
  return [...new Map(points.map((point) => [point[0], point])).values()].sort(([a], [b]) => a - b);
}

/** Points in order as chunks. */
function packed(points: readonly Point[]): Point[][] {
  const chunks: Point[][] = [];
  for (const point of points) {
    const chunk = chunks.at(-1);
    const first = chunk?.[0]?.[0];
    const fits = chunk !== undefined && chunk.length < CHUNK_POINTS && point[0] - (first ?? point[0]) <= CHUNK_MS;
    if (fits) chunk.push(point);
    else chunks.push([point]);
  }
  return chunks;
}
