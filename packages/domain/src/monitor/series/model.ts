import type { Labels } from "@omoios/contracts/shapes/alert";
import type { Instant } from "@omoios/kernel/clock";
import { shortDigest } from "../../digest.ts";
import type { Page } from "../../store.ts";

export type Point = readonly [at: Instant, value: number];

/** A metric with one set of labels, and its last points: those that are in no chunk yet, at least one, oldest first. */
export interface Series {
  id: string;
  metric: string;
  labels: Labels;
  recent: readonly Point[];
  version: number;
}

/** Points of a series that are written together and never changed: at most `CHUNK_POINTS` over at most `CHUNK_MS`, oldest first. */
export type Chunk = readonly Point[];

export const CHUNK_POINTS = 32;
export const CHUNK_MS = 3_600_000;

/** A series' id follows from its metric and labels; a label that is empty is none. */
export function seriesId(metric: string, labels: Labels): string {
  return shortDigest(
    metric,
    ...Object.entries(labels)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .flat(),
  );
}

/** Moments, both inclusive. */
export interface Span {
  from: Instant;
  until: Instant;
}

interface Paging {
  limit: number;
  cursor?: string | undefined;
}

export type SeriesKey = Pick<Series, "id" | "metric">;

/** Series and their points, in the table without stream. All of it goes by itself when it is older than samples are kept. */
export interface SeriesStore {
  /** The series that exist, in no promised order; any number. */
  getMany(keys: readonly SeriesKey[]): Promise<Series[]>;
  /**
   * Writes chunks, and then the series under the version that was read, one write for each. Throws `Stale` when the series has changed
   * since; a chunk that is written twice is there once.
   */
  save(series: Series, chunks: readonly Chunk[]): Promise<void>;
  /** Writes chunks alone. */
  keep(key: SeriesKey, chunks: readonly Chunk[]): Promise<void>;
  /** A page of the series, of one metric or of all; up to a moment old. */
  page(metric: string | undefined, paging: Paging): Promise<Page<Series>>;
  /** A page of a series' points, oldest first, one for each moment. */
  history(key: SeriesKey, span: Span, paging: Paging): Promise<Page<Point>>;
}
