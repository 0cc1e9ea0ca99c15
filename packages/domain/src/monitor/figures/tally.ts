import { shortDigest } from "../../digest.ts";
import type { Move } from "./counted.ts";

/** Sums that are kept together, in one item, with the marks of the batches that are in them. */
export interface Tally {
  scope: string;
  totals: Readonly<Record<string, number>>;
  /** The last batches that were added, newest last. */
  marks: readonly Mark[];
  version: number;
}

/** A batch by its first and last record, and how many it held. */
interface Mark {
  first: string;
  last: string;
  records: number;
}

/** What a batch of the stream moves. */
export interface Batch extends Mark {
  /** Each with the place of its record in the batch. */
  moves: readonly (Move & { at: number })[];
}

/**
 * A batch that comes again does so before its own shard gives the next one; meanwhile others' batches may come, of as many shards as the
 * table has.
 */
const MARKS = 16;
const MARK_LENGTH = 10;

export const newTally = (scope: string): Tally => ({ scope, totals: {}, marks: [], version: 0 });

export const markOf = (sequence: string): string => shortDigest(sequence).slice(0, MARK_LENGTH);

/**
 * The tally with what is new in a batch; `undefined` where nothing is. A batch that was added before is known by its first record, also
 * where it comes longer or as its first half; a second half is known by the last one.
 */
export function added(tally: Tally, batch: Batch): Tally | undefined {
  const known = knownRecords(tally.marks, batch);
  const fresh = batch.moves.filter(({ scope, at }) => scope === tally.scope && at >= known);
  if (fresh.length === 0) return undefined;
  const totals: Record<string, number> = { ...tally.totals };
  for (const { figure, by } of fresh) totals[figure] = (totals[figure] ?? 0) + by;
  const { first, last, records } = batch;
  return { ...tally, totals, marks: [...tally.marks, { first, last, records }].slice(-MARKS) };
}

/** How many records at the beginning of a batch are in the sums already. */
function knownRecords(marks: readonly Mark[], batch: Mark): number {
  const ended = marks.some(({ last, records }) => last === batch.last && records >= batch.records);
  if (ended) return batch.records;
  return Math.max(0, ...marks.filter(({ first }) => first === batch.first).map(({ records }) => records));
}

/** Where the plane's sums are kept as things change. */
export interface Tallies {
  /** Adds a batch to each tally that it moves, once however often it comes. */
  add(batch: Batch): Promise<void>;
}
