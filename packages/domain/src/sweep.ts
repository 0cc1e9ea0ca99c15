import type { TimerMessage } from "@omoios/contracts/jobs";
import type { Instant } from "@omoios/kernel/clock";
import type { DueRows, Positions, Timers } from "./store.ts";

const MINUTE_MS = 60_000;
/** The newest minutes are read by every sweep: a writer's clock may be behind the sweep's. */
const ALWAYS_READ = 3;
/** A minute that will not empty is left behind after so long; what stood in it is then read no more, and its alarm has sounded. */
const LOOKS_BACK = 24 * 60;
const PAGE = 100;
const POSITION = "sweep";

export interface DueSweep {
  due: DueRows;
  timers: Timers;
  positions: Positions;
}

/**
 * Sends a message for each row that is due and still stands: what a lost message should have done is done now. It goes on from the
 * oldest minute that still held a row, so that nothing is passed over, and its cost follows what is due, not what there is.
 */
export async function sweepDue({ due, timers, positions }: DueSweep, now: Instant): Promise<number> {
  const current = Math.floor(now / MINUTE_MS);
  const from = Math.max((await positions.load(POSITION)) ?? current - LOOKS_BACK, current - LOOKS_BACK);
  let oldest = current - ALWAYS_READ;
  let sent = 0;
  for (let minute = Math.min(from, oldest); minute <= current; minute++) {
    const rows = await minuteOf(due, minute, now);
    if (rows.length > 0) oldest = Math.min(oldest, minute);
    await timers.set(rows, now);
    sent += rows.length;
  }
  await positions.save(POSITION, oldest);
  return sent;
}

async function minuteOf(due: DueRows, minute: number, now: Instant): Promise<TimerMessage[]> {
  const shards = Array.from({ length: due.shards }, (_, shard) => due.page({ minute, shard }, now, PAGE));
  return (await Promise.all(shards)).flat();
}
