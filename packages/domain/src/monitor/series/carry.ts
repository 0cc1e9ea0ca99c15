import type { Instant } from "@omoios/kernel/clock";
import type { Point } from "./model.ts";

/**
 * The points of a value that is sampled where it changes, with one more in each minute that has none: there it stood as it did.
 * @param points oldest first, the first of them perhaps before all minutes
 * @param minutes at which the value is judged, oldest first
 */
export function carriedForward(points: readonly Point[], minutes: readonly Instant[]): Point[] {
  const carried: Point[] = [];
  const begin = minutes[0] ?? Number.POSITIVE_INFINITY;
  let next = 0;
  let last: number | undefined;
  for (const minute of minutes) {
    let came = false;
    for (let point = points[next]; point !== undefined && point[0] <= minute; point = points[++next]) {
      last = point[1];
      if (point[0] < begin) continue;
      carried.push(point);
      came = true;
    }
    if (!came && last !== undefined) carried.push([minute, last]);
  }
  return [...carried, ...points.slice(next)];
}
