import { BatchGetCommand, QueryCommand } from "@aws-sdk/lib-dynamodb";
import { auditBookOn } from "@omoios/adapters/dynamodb/audit-book";
import type { Tables } from "@omoios/adapters/dynamodb/client";
import { eventLogOn } from "@omoios/adapters/dynamodb/event-log";
import { logWriter } from "@omoios/adapters/dynamodb/log-writer";
import { seededRandom } from "@omoios/kernel/random";
import { afterAll, beforeAll, expect, it } from "vitest";
import { tablesAround, withTables } from "../harness/dynamodb.ts";
import { planeEvent } from "../harness/plane-event.ts";
import { memoryStageKeys } from "../harness/stage-keys.ts";

const START = Date.parse("2026-01-05T10:00:00Z");
const random = seededRandom(5);

let tables: Tables;
let stop: () => Promise<void>;
beforeAll(async () => ({ tables, stop } = await withTables()));
afterAll(() => stop());

let subjects = 0;

/** A log of a subject of its own, its writer and its reader, at a time that goes as the test says. */
function ownLog() {
  const subject = `watched_${++subjects}`;
  const time = { now: START + subjects * 3_600_000 };
  const sent: object[] = [];
  const counted = tablesAround(tables, (command, send) => {
    sent.push(command);
    return send();
  });
  const log = eventLogOn(counted, auditBookOn(counted));
  const writer = logWriter({
    keys: memoryStageKeys(START),
    clock: { now: () => time.now },
    random,
    retention_days: 90,
    tables,
  });
  let version = 0;
  let cursor: string | undefined;
  const keep = (of: string, at: number) => writer.keep([{ event: planeEvent(of, ++version, at) }], "events");
  return {
    subject,
    time,
    log,
    keep,
    /** Writes an event of the subject that came about so long ago. */
    write: async (ago = 0, of = subject) => (await keep(of, time.now - ago))(),
    /** Reads on by the subject, after so long: the versions told, and what that asked of the tables. */
    async read(ms = 0, limit = 100) {
      time.now += ms;
      sent.length = 0;
      const before = cursor;
      const page = await log.after(cursor, limit, time.now, subject);
      cursor = page.cursor;
      return {
        told: page.rows.map((event) => event.version),
        queries: sent.filter((command) => command instanceof QueryCommand).length,
        entries: sent.filter((command) => command instanceof BatchGetCommand).length,
        moved: cursor !== before,
        length: cursor.length,
      };
    },
  };
}

it("goes on behind the end of a subject's events: each once, whenever it lands, and never its last page again", async () => {
  const { write, read } = ownLog();
  await write();
  await write();
  expect(await read()).toMatchObject({ told: [1, 2], queries: 1 });
  expect(await read(5_000)).toMatchObject({ told: [] });
  await write();
  // It came about before those that were told: the relay was late with it.
  await write(30_000);
  expect((await read(2_000)).told.toSorted()).toEqual([3, 4]);
  const waits = [await read(1_000), await read(1_000), await read(60_000)];
  expect(waits.map(({ told, entries, moved }) => [told, entries, moved])).toEqual([
    [[], 0, false],
    [[], 0, false],
    [[], 0, false],
  ]);
});

it("shows what landed behind the reader while it reads page after page", async () => {
  const { write, read } = ownLog();
  for (let n = 0; n < 5; n++) await write();
  expect((await read(0, 2)).told).toEqual([1, 2]);
  await write(20_000);
  expect((await read(10, 2)).told).toEqual([3, 4]);
  expect((await read(10, 2)).told).toEqual([5]);
  expect((await read(3_000)).told).toEqual([6]);
  expect((await read(3_000)).told).toEqual([]);
});

it("tells what is found by its subject before it is listed, and not again when it is", async () => {
  const { subject, time, keep, read } = ownLog();
  const list = await keep(subject, time.now);
  expect((await read()).told).toEqual([1]);
  time.now += 4_000;
  await list();
  expect((await read(2_000)).told).toEqual([]);
  const late = await keep(subject, time.now);
  expect((await read(2_000)).told).toEqual([]);
  await late();
  expect((await read(2_000)).told).toEqual([2]);
});

it("reads no entries of others, and passes their pages once", async () => {
  const { write, read } = ownLog();
  await write();
  await read();
  await read(2_000);
  for (let n = 0; n < 30; n++) await write(0, "somebody");
  expect(await read(2_000)).toMatchObject({ told: [], entries: 0, moved: true });
  expect(await read(2_000)).toMatchObject({ told: [], entries: 0, moved: false });
  await write();
  expect(await read(2_000)).toMatchObject({ told: [32], entries: 1 });
});

it("stands still in the middle of many, with a cursor that fits a query", async () => {
  const { write, read, time } = ownLog();
  for (let n = 0; n < 150; n++) await write();
  time.now += 1_000;
  const all: number[] = [];
  for (let n = 0; n < 3; n++) {
    const { told, length } = await read(0, 60);
    all.push(...told);
    expect(length).toBeLessThan(2_000);
  }
  expect((await read(5_000)).told).toEqual([]);
  expect(all).toHaveLength(150);
  expect(all.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 150 }, (_, n) => n + 1));
});

it("reads the whole log's last page once too", async () => {
  const { write, log, time } = ownLog();
  const begin = log.cursorAt(time.now);
  await write();
  await write();
  const first = await log.after(begin, 1, time.now + 2_000);
  const second = await log.after(first.cursor, 1, time.now + 2_000);
  const third = await log.after(second.cursor, 1, time.now + 2_000);
  const fourth = await log.after(third.cursor, 1, time.now + 9_000);
  expect([first, second, third].map(({ rows }) => rows.length)).toEqual([1, 1, 0]);
  expect(fourth.cursor).toBe(third.cursor);
});
