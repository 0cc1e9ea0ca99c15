import type { TimerMessage } from "@omoios/contracts/jobs";
import type { Instant } from "@omoios/kernel/clock";
import type { DueRows, Positions, Timers } from "./store.ts";

const MINUTE_MS = 60_000;
/** The newest minutes are read by every sweep: a writer's clock may be behind the sweep's. */
const ALWAYS_READ = 3;
/** Minutes that one sweep takes up at most, in whole buckets; after a long stop the next ones go on from there. */
const MINUTES_A_SWEEP = 1_500;
/** A bucket that will not empty is sent again until all of it is so old: what fails for a day stands in a dead-letter queue with its alarm. */
const SENT_AGAIN_FOR = 24 * 60;
/** Where a stage's first sweep begins. */
const FIRST_LOOKS_BACK = 60;
/** Buckets that are read side by side. */
const TOGETHER = 4;
const PAGE = 1_000;
const POSITION = "sweep";

export interface DueSweep {
  due: DueRows;
  timers: Timers;
  positions: Pick<Positions, "load" | "save">;
}

/**
 * Sends a message for each row that is due and still stands: what a lost message should have done is done now. It goes on from the
 * oldest bucket that still held a row, so that nothing is passed over, and its cost follows what is due, not what there is. One that
 * is killed in its middle has sent the newest buckets, which come first, and the next one does the rest again from where it began:
 * messages may come twice, and none is lost.
 * Returns how many messages were sent, and the minute up to which nothing was left.
 */
export async function sweepDue(
  { due, timers, positions }: DueSweep,
  now: Instant,
): Promise<{ sent: number; position: number }> {
  const span = due.bucket_minutes;
  const bucketOf = (minute: number) => minute - (minute % span);
  const current = Math.floor(now / MINUTE_MS);
  const settled = current - ALWAYS_READ;
  const newest = bucketOf(settled);
  const began = await positions.load(POSITION);
  const from = bucketOf(Math.min(began ?? current - FIRST_LOOKS_BACK, settled));
  const until = Math.min(bucketOf(from + MINUTES_A_SWEEP), newest);
  let position = until < newest ? until : settled;
  let sent = 0;
  const buckets = [...range(newest, current + 1, span), ...range(from, until, span)];
  for (let first = 0; first < buckets.length; first += TOGETHER) {
    const some = buckets.slice(first, first + TOGETHER);
    const rowsOf = await Promise.all(some.map((minute) => bucketFrom(due, minute, now)));
    for (const [index, minute] of some.entries()) {
      // An old bucket is left only where the sweep before began with it: after a long stop each is sent twice at least.
      const leftBehind = minute + span - 1 <= current - SENT_AGAIN_FOR && minute === from;
      if (rowsOf[index]?.length && !leftBehind) position = Math.min(position, minute);
    }
    const rows = rowsOf.flat();
    await timers.set(rows, now);
    sent += rows.length;
  }
  if (bucketOf(position) !== began) await positions.save(POSITION, bucketOf(position));
  return { sent, position };
}

function range(from: number, until: number, step: number): number[] {
  return Array.from({ length: Math.max(0, Math.ceil((until - from) / step)) }, (_, index) => from + index * step);
}

/** All that is due in a bucket: rows that will not go must not hide those behind them. */
async function bucketFrom(due: DueRows, minute: number, now: Instant): Promise<TimerMessage[]> {
  const shards = Array.from({ length: due.shards }, (_, shard) => shardOf(due, { minute, shard }, now));
  return (await Promise.all(shards)).flat();
}

async function shardOf(due: DueRows, bucket: { minute: number; shard: number }, now: Instant): Promise<TimerMessage[]> {
  const rows: TimerMessage[] = [];
  let cursor: string | undefined;
  do {
    const page = await due.page(bucket, now, { limit: PAGE, cursor });
    rows.push(...page.rows);
    cursor = page.cursor;
  } while (cursor !== undefined);
  return rows;
}
