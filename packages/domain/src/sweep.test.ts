import type { TimerMessage } from "@omoios/contracts/jobs";
import { describe, expect, test } from "vitest";
import { MINUTE, NOW } from "../../../tests/harness/task-row.ts";
import { sweepDue } from "./sweep.ts";

const START = NOW / MINUTE;
const DAY = 24 * 60;
const SHARDS = 2;

/** A due index whose rows stay until somebody takes them out, as theirs do until their work is done. */
function dueIndex({ page_size = 3, bucket_minutes = 1 } = {}) {
  const rows = new Map<string, TimerMessage & { bucket: string }>();
  const sent: string[] = [];
  const read = new Set<number>();
  const saved = new Map<string, number>();
  let saves = 0;
  let dies_after = Number.POSITIVE_INFINITY;
  const parts = {
    due: {
      shards: SHARDS,
      bucket_minutes,
      async page(bucket: { minute: number; shard: number }, until: number, { cursor = "0" }: { cursor?: string } = {}) {
        read.add(bucket.minute);
        const all = [...rows.values()]
          .filter((row) => row.bucket === `${bucket.minute}#${bucket.shard}` && row.due_at <= until)
          .sort((a, b) => a.due_at - b.due_at);
        const next = Number(cursor) + page_size;
        return { rows: all.slice(Number(cursor), next), cursor: next < all.length ? String(next) : undefined };
      },
    },
    timers: {
      async set(messages: readonly TimerMessage[]) {
        if (sent.length >= dies_after) throw new Error("killed");
        sent.push(...messages.map(({ id }) => id));
      },
    },
    positions: {
      load: async (name: string) => saved.get(name),
      async save(name: string, at: number) {
        saved.set(name, at);
        saves++;
      },
    },
  };
  return {
    add(id: string, minute: number, offset_ms = 0) {
      const shard = rows.size % SHARDS;
      rows.set(id, {
        kind: "task",
        id,
        due_at: minute * MINUTE + offset_ms,
        bucket: `${minute - (minute % bucket_minutes)}#${shard}`,
      });
    },
    done: (id: string) => rows.delete(id),
    saves: () => saves,
    /** Sweeps at a minute, and is killed once it has sent so many, if it comes so far. Tells what it sent. */
    async killedAt(minute: number, messages: number) {
      dies_after = messages;
      await sweepDue(parts, minute * MINUTE).catch((error: Error) => expect(error.message).toBe("killed"));
      dies_after = Number.POSITIVE_INFINITY;
      return sent.splice(0);
    },
    /** Sweeps at a minute, and tells what it sent and how many minutes it read. */
    async at(minute: number) {
      read.clear();
      const swept = await sweepDue(parts, minute * MINUTE);
      const ids = sent.splice(0).sort();
      expect(swept.sent).toBe(ids.length);
      return { ids, minutes: read.size };
    },
  };
}

describe("the minute sweep", () => {
  test("sends what is due and still stands, each minute anew, until its work is done", async () => {
    const index = dueIndex();
    index.add("a", START);
    for (let minute = START; minute < START + 30; minute++) expect((await index.at(minute)).ids).toEqual(["a"]);
    index.done("a");
    expect((await index.at(START + 30)).ids).toEqual([]);
  });

  test("leaves what is due later in the same minute", async () => {
    const index = dueIndex();
    index.add("now", START, 0);
    index.add("later", START, 1);
    expect((await index.at(START)).ids).toEqual(["now"]);
    expect((await index.at(START + 1)).ids).toEqual(["later", "now"]);
  });

  test("at rest reads the newest four minutes: a writer's clock may be behind", async () => {
    const index = dueIndex();
    await index.at(START);
    for (let minute = START + 1; minute < START + 10; minute++)
      expect((await index.at(minute)).minutes).toBeLessThanOrEqual(5);
    index.add("late", START + 7);
    expect((await index.at(START + 10)).ids).toEqual(["late"]);
  });

  test("goes on from the oldest minute that still held a row, not from the newest that it saw", async () => {
    const index = dueIndex();
    await index.at(START);
    index.add("old", START + 1);
    index.add("new", START + 40);
    expect((await index.at(START + 41)).ids).toEqual(["new", "old"]);
    index.done("new");
    expect((await index.at(START + 42)).ids).toEqual(["old"]);
    index.done("old");
    await index.at(START + 43);
    expect((await index.at(START + 44)).minutes).toBeLessThanOrEqual(5);
  });

  test("sends all of a minute, however many there are and however few a page holds", async () => {
    const index = dueIndex({ page_size: 3 });
    const ids = Array.from({ length: 40 }, (_, n) => `task_${String(n).padStart(2, "0")}`);
    for (const [n, id] of ids.entries()) index.add(id, START, n);
    expect((await index.at(START + 1)).ids).toEqual(ids);
  });
});

describe("where a bucket spans an hour", () => {
  const HOUR = 60;

  test("at rest reads the bucket of the moment, and the one before it while a writer's clock may still stand there", async () => {
    const index = dueIndex({ bucket_minutes: HOUR });
    await index.at(START + HOUR - 1);
    const read: number[] = [];
    for (let minute = START + HOUR; minute < START + 2 * HOUR; minute++) read.push((await index.at(minute)).minutes);
    expect(read).toEqual([2, 2, 2, 2, ...Array.from({ length: HOUR - 4 }, () => 1)]);
  });

  test("sends what is due and leaves what is due later, each minute anew, until its work is done", async () => {
    const index = dueIndex({ bucket_minutes: HOUR });
    index.add("early", START + 5);
    index.add("next", START + HOUR);
    for (let minute = START; minute < START + 3 * HOUR; minute++) {
      const due = [...(minute >= START + 5 ? ["early"] : []), ...(minute >= START + HOUR ? ["next"] : [])];
      expect((await index.at(minute)).ids).toEqual(due);
    }
    index.done("early");
    expect((await index.at(START + 3 * HOUR)).ids).toEqual(["next"]);
    index.done("next");
    await index.at(START + 3 * HOUR + 3);
    expect(await index.at(START + 3 * HOUR + 4)).toEqual({ ids: [], minutes: 1 });
  });

  test("keeps where the next sweep begins once an hour, and not each minute", async () => {
    const index = dueIndex({ bucket_minutes: HOUR });
    await index.at(START + HOUR);
    const before = index.saves();
    for (let minute = START + HOUR + 1; minute < START + 4 * HOUR; minute++) await index.at(minute);
    expect(index.saves() - before).toBe(3);
  });

  test("an hour that will not empty is sent until all of it is a day old, and then no more", async () => {
    const index = dueIndex({ bucket_minutes: HOUR });
    await index.at(START);
    index.add("first", START + 1);
    index.add("last", START + 59);
    const sent: number[] = [];
    for (let minute = START + HOUR; minute <= START + DAY + 90; minute++) {
      const { ids } = await index.at(minute);
      if (ids.length > 0) sent.push(minute);
      expect([[], ["first", "last"]]).toContainEqual(ids);
    }
    expect(sent).toEqual(Array.from({ length: DAY }, (_, n) => START + HOUR + n));
  });

  test("after a stop of three days every row is sent, and again until it goes", async () => {
    const index = dueIndex({ bucket_minutes: HOUR });
    await index.at(START);
    const ids = Array.from({ length: 3 * 24 }, (_, hour) => `task_${String(hour).padStart(2, "0")}`);
    for (const [hour, id] of ids.entries()) index.add(id, START + hour * HOUR + 7);
    const times = new Map<string, number>();
    for (let minute = START + 3 * DAY; minute < START + 3 * DAY + 20; minute++) {
      const swept = await index.at(minute);
      expect(swept.minutes).toBeLessThanOrEqual(25 + 2);
      for (const id of swept.ids) {
        times.set(id, (times.get(id) ?? 0) + 1);
        if ((times.get(id) ?? 0) >= 2) index.done(id);
      }
    }
    expect([...times.keys()].sort()).toEqual(ids);
    expect(new Set(times.values())).toEqual(new Set([2]));
  });
});

describe("a sweep that is killed in its middle", () => {
  /** One row a minute. */
  async function longIndex(length: number) {
    const index = dueIndex();
    await index.at(START);
    const ids = Array.from({ length }, (_, n) => `task_${String(n).padStart(3, "0")}`);
    for (const [n, id] of ids.entries()) index.add(id, START + 1 + n);
    return { index, ids };
  }

  test("has sent the newest minutes, and the next one sends the rest", async () => {
    const { index, ids } = await longIndex(100);
    const sent = await index.killedAt(START + 100, 1);
    expect(sent).toContain("task_099");
    expect(sent.length).toBeLessThan(ids.length);
    for (const id of sent) index.done(id);
    expect((await index.at(START + 101)).ids).toEqual(ids.filter((id) => !sent.includes(id)));
  });

  test("each minute anew still comes to the end, as what it sent is done", async () => {
    const { index, ids } = await longIndex(200);
    const left = new Set(ids);
    for (let minute = START + 200; left.size > 0; minute++) {
      const sent = await index.killedAt(minute, 1);
      expect(sent).not.toEqual([]);
      for (const id of sent) {
        index.done(id);
        left.delete(id);
      }
    }
  });
});

describe("after a stop of three days", () => {
  test("nothing is passed over: every row of every minute is sent, and again until it goes", async () => {
    const index = dueIndex();
    await index.at(START);
    const stopped = 3 * DAY;
    const ids = Array.from({ length: stopped / 60 }, (_, hour) => `task_${String(hour).padStart(2, "0")}`);
    for (const [hour, id] of ids.entries()) index.add(id, START + hour * 60 + 1);
    const times = new Map<string, number>();
    // A row goes once its message came a second time: the first one is lost.
    for (let minute = START + stopped; minute < START + stopped + 20; minute++) {
      for (const id of (await index.at(minute)).ids) {
        times.set(id, (times.get(id) ?? 0) + 1);
        if ((times.get(id) ?? 0) >= 2) index.done(id);
      }
    }
    expect([...times.keys()].sort()).toEqual(ids);
    expect(new Set(times.values())).toEqual(new Set([2]));
  });

  test("no sweep takes up more than a day and an hour, and what is due now does not wait for the rest", async () => {
    const index = dueIndex();
    await index.at(START);
    const back = START + 3 * DAY;
    index.add("new", back);
    const { ids, minutes } = await index.at(back);
    expect(ids).toEqual(["new"]);
    expect(minutes).toBeLessThanOrEqual(25 * 60 + 5);
  });
});

describe("a minute that will not empty", () => {
  test("is sent for a day, and then no more; what comes after it is", async () => {
    const index = dueIndex();
    await index.at(START);
    index.add("poison", START + 1);
    let last = START;
    for (let minute = START + 1; minute <= START + DAY + 30; minute += 10) {
      if ((await index.at(minute)).ids.includes("poison")) last = minute;
    }
    expect(last).toBeGreaterThanOrEqual(START + DAY - 10);
    expect(last).toBeLessThanOrEqual(START + DAY + 11);
    index.add("healthy", START + DAY + 31);
    const { ids, minutes } = await index.at(START + DAY + 31);
    expect(ids).toEqual(["healthy"]);
    expect(minutes).toBeLessThanOrEqual(16);
  });

  test("does not hold up others of its minute", async () => {
    const index = dueIndex({ page_size: 2 });
    await index.at(START);
    for (let n = 0; n < 10; n++) index.add(`poison_${n}`, START + 1, n);
    index.add("healthy", START + 1, 50);
    expect((await index.at(START + 2)).ids).toContain("healthy");
  });

  test("however many such minutes there are, each is left behind in its turn", async () => {
    const index = dueIndex();
    await index.at(START);
    for (let n = 1; n <= 5; n++) index.add(`poison_${n}`, START + n);
    for (let minute = START + 3 * DAY; minute < START + 3 * DAY + 12; minute++) await index.at(minute);
    const { ids, minutes } = await index.at(START + 3 * DAY + 12);
    expect(ids).toEqual([]);
    expect(minutes).toBeLessThanOrEqual(5);
  });
});
