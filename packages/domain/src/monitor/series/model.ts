import type { Labels } from "@omoios/contracts/shapes/alert";
import type { Instant } from "@omoios/kernel/clock";
import type { RuleState } from "../../alerting/rules/rule-state.ts";
import type { AlertSignal } from "../../alerting/signal.ts";
import { shortDigest } from "../../digest.ts";
import type { Page, PageRequest } from "../../store.ts";

export type Point = readonly [at: Instant, value: number];

/** The trace of a call that brought points, from the first to the last of them, and the highest of their values. */
export type Trace = readonly [from: Instant, until: Instant, highest: number, traceparent: string];

/** What is remembered of rules, by their names; nothing of those by which all is well. */
export type RuleStates = Readonly<Record<string, RuleState>>;

/** A metric with one set of labels, and its last points: those that are in no chunk yet, at least one, oldest first. */
export interface Series {
  id: string;
  metric: string;
  labels: Labels;
  recent: readonly Point[];
  /** The last points of the newest chunk, so that the detector finds what came since its state was written. */
  tail?: readonly Point[];
  /** Of calls that brought points since the detector looked, in the order of time. */
  traces?: readonly Trace[];
  states: RuleStates;
  /** What alerting was not told yet, oldest first: written with the states that it follows from, told after, then removed. */
  untold: readonly AlertSignal[];
  version: number;
}

/** Points of a series that are written together and never changed: at most `CHUNK_POINTS` over at most `CHUNK_MS`, oldest first. */
export type Chunk = readonly Point[];

export const CHUNK_POINTS = 32;
export const CHUNK_MS = 3_600_000;
export const TAIL_POINTS = 16;

/** A series before its first point. */
export function newSeries({ id, metric, labels }: Pick<Series, "id" | "metric" | "labels">): Series {
  return { id, metric, labels, recent: [], states: {}, untold: [], version: 0 };
}

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

export type SeriesKey = Pick<Series, "id" | "metric">;

/** Series and their points, in the table without stream. All of it goes by itself when it is older than samples are kept. */
export interface SeriesStore {
  /** The series that exist, in no promised order; any number. */
  getMany(keys: readonly SeriesKey[]): Promise<Series[]>;
  /**
   * Writes chunks, and then the series under the version that was read, one write for each, and gives it as it stands. Throws `Stale`
   * when the series has changed since; a chunk that is written twice is there once.
   */
  save(series: Series, chunks: readonly Chunk[]): Promise<Series>;
  /** Writes chunks alone. */
  keep(key: SeriesKey, chunks: readonly Chunk[]): Promise<void>;
  /** A page of the series, of one metric or of all; up to a moment old. */
  page(metric: string | undefined, paging: PageRequest): Promise<Page<Series>>;
  /** A page of a series' points, oldest first, one for each moment. */
  history(key: SeriesKey, span: Span, paging: PageRequest): Promise<Page<Point>>;
}
