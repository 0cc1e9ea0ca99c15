import type { TimerMessage } from "@omoios/contracts/jobs";
import type { Instant } from "@omoios/kernel/clock";
import type { DueRows, Positions, Timers } from "./store.ts";

const MINUTE_MS = 60_000;
/** The newest minutes are read by every sweep: a writer's clock may be behind the sweep's. */
const ALWAYS_READ = 3;
/** Minutes that one sweep takes up at most; after a long stop the next ones go on from there. */
const MINUTES_A_SWEEP = 1_500;
/** A minute that will not empty is sent again for so long: what fails for a day stands in a dead-letter queue with its alarm. */
const SENT_AGAIN_FOR = 24 * 60;
/** Where a stage's first sweep begins. */
const FIRST_LOOKS_BACK = 60;
/** Minutes that are read side by side. */
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
 * oldest minute that still held a row, so that nothing is passed over, and its cost follows what is due, not what there is. One that
 * is killed in its middle has sent the newest minutes, which come first, and the next one does the rest again from where it began:
 * messages may come twice, and none is lost.
 * Returns how many messages were sent, and the minute up to which nothing was left.
 */
export async function sweepDue(
  { due, timers, positions }: DueSweep,
  now: Instant,
): Promise<{ sent: number; position: number }> {
  const current = Math.floor(now / MINUTE_MS);
  const newest = current - ALWAYS_READ;
  const from = Math.min((await positions.load(POSITION)) ?? current - FIRST_LOOKS_BACK, newest);
  const until = Math.min(from + MINUTES_A_SWEEP, newest);
  let position = until;
  let sent = 0;
  const minutes = [...range(newest, current + 1), ...range(from, until)];
  for (let first = 0; first < minutes.length; first += TOGETHER) {
    const some = minutes.slice(first, first + TOGETHER);
    const rowsOf = await Promise.all(some.map((minute) => minuteOf(due, minute, now)));
    for (const [index, minute] of some.entries()) {
      // An old minute is left only where the sweep before began with it: after a long stop each is sent twice at least.
      const leftBehind = minute <= current - SENT_AGAIN_FOR && minute === from;
      if (rowsOf[index]?.length && !leftBehind) position = Math.min(position, minute);
    }
    const rows = rowsOf.flat();
    await timers.set(rows, now);
    sent += rows.length;
  }
  await positions.save(POSITION, position);
  return { sent, position };
}

function range(from: number, until: number): number[] {
  return Array.from({ length: Math.max(0, until - from) }, (_, index) => from + index);
}

/** All that is due in a minute: rows that will not go must not hide those behind them. */
async function minuteOf(due: DueRows, minute: number, now: Instant): Promise<TimerMessage[]> {
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
