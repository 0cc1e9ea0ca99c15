import { shortDigest } from "@omoios/domain/digest";
import type { Chunk, Point, Series, SeriesKey, Trace } from "@omoios/domain/monitor/series/model";
import type { Item, Key } from "./rows.ts";

/** Partitions of the series: a sweep reads those. A partition takes 1,000 writes a second. */
export const SERIES_SHARDS = 4;

export const shardName = (shard: number): string => `series#${shard}`;

export function seriesKey({ id, metric }: SeriesKey): Key {
  return { pk: shardName(Number.parseInt(id.slice(-2), 16) % SERIES_SHARDS), sk: `${metric}#${id}` };
}

export const partitionOfPoints = ({ id }: SeriesKey): string => `points#${id}`;

/** Sorts as the moments do. */
export const sortOfMoment = (at: number): string => String(Math.max(0, Math.floor(at))).padStart(15, "0");

/** A chunk stands at its last point, and is there once however often it is written. */
export function chunkKey(key: SeriesKey, chunk: Chunk): Key {
  const last = chunk.at(-1)?.[0] ?? 0;
  return { pk: partitionOfPoints(key), sk: `${sortOfMoment(last)}#${shortDigest(packPoints(chunk))}` };
}

/** Moments as distances from the one before, in turn with the values: ten bytes a point. As text, since a number of DynamoDB holds fewer values. */
export function packPoints(points: readonly Point[]): string {
  return JSON.stringify(points.flatMap(([at, value], index) => [at - (points[index - 1]?.[0] ?? 0), value]));
}

export function unpackPoints(text: string): Point[] {
  const numbers = JSON.parse(text) as number[];
  const points: Point[] = [];
  for (let index = 0, at = 0; index < numbers.length; index += 2) {
    at += numbers[index] ?? 0;
    points.push([at, numbers[index + 1] ?? 0]);
  }
  return points;
}

export function itemOf(series: Series): Item {
  const { metric, labels, recent, tail, traces = [], states, untold } = series;
  return {
    ...seriesKey(series),
    metric,
    labels,
    recent: packPoints(recent),
    ...(tail === undefined ? {} : { tail: packPoints(tail) }),
    ...(traces.length === 0 ? {} : { traces: JSON.stringify(traces) }),
    ...(Object.keys(states).length === 0 ? {} : { states: JSON.stringify(states) }),
    ...(untold.length === 0 ? {} : { untold: JSON.stringify(untold) }),
  };
}

export function seriesOfItem({ sk, metric, labels, recent, tail, traces, states, untold, version }: Item): Series {
  return {
    id: String(sk).slice(String(metric).length + 1),
    metric: String(metric),
    labels: labels as Series["labels"],
    recent: unpackPoints(String(recent)),
    ...(tail === undefined ? {} : { tail: unpackPoints(String(tail)) }),
    ...(traces === undefined ? {} : { traces: JSON.parse(String(traces)) as Trace[] }),
    states: states === undefined ? {} : JSON.parse(String(states)),
    untold: untold === undefined ? [] : JSON.parse(String(untold)),
    version: Number(version),
  };
}
