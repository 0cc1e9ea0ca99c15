import { describe, expect, it } from "vitest";
import { CHUNK_MS, CHUNK_POINTS, newSeries, type Point, type Series } from "./model.ts";
import { takePoints } from "./points.ts";

const MINUTE = 60_000;
const seriesOf = (...recent: Point[]): Series => ({ ...newSeries({ id: "s", metric: "m", labels: {} }), recent });
const minutes = (from: number, count: number): Point[] =>
  Array.from({ length: count }, (_, n) => [(from + n) * MINUTE, from + n]);

describe("points that come to a series", () => {
  it("go behind its last one", () => {
    const { series, chunks, fresh } = takePoints(seriesOf([1, 5]), [
      [3, 7],
      [2, 6],
    ]);
    expect(series.recent).toEqual([
      [1, 5],
      [2, 6],
      [3, 7],
    ]);
    expect(chunks).toEqual([]);
    expect(fresh).toHaveLength(2);
  });

  it("are history alone when they are older, and nothing when their moment is known", () => {
    const before = seriesOf([10, 1], [20, 2]);
    const { series, chunks, fresh } = takePoints(before, [
      [20, 9],
      [10, 9],
      [15, 3],
      [5, 4],
    ]);
    expect(series).toBe(before);
    expect(fresh).toEqual([]);
    expect(chunks).toEqual([
      [
        [5, 4],
        [15, 3],
      ],
    ]);
  });

  it("leave a chunk when there are many, or when they span long", () => {
    const many = takePoints(seriesOf(), minutes(0, CHUNK_POINTS + 1));
    expect(many.chunks.map((chunk) => chunk.length)).toEqual([CHUNK_POINTS]);
    expect(many.series.recent).toEqual(minutes(CHUNK_POINTS, 1));
    const sparse = takePoints(seriesOf([0, 1]), [
      [CHUNK_MS, 2],
      [CHUNK_MS + 1, 3],
    ]);
    expect(sparse.chunks).toEqual([
      [
        [0, 1],
        [CHUNK_MS, 2],
      ],
    ]);
    expect(sparse.series.recent).toEqual([[CHUNK_MS + 1, 3]]);
  });

  it("lose none of themselves in whatever batches they come", () => {
    const all = minutes(0, 200);
    let series = seriesOf();
    const history: Point[] = [];
    for (let from = 0; from < all.length; from += 7) {
      const taken = takePoints(series, all.slice(from, from + 7));
      history.push(...taken.chunks.flat());
      series = taken.series;
    }
    expect([...history, ...series.recent]).toEqual(all);
  });
});
