import { BatchWriteCommand } from "@aws-sdk/lib-dynamodb";
import { auditBookOn } from "@omoios/adapters/dynamodb/audit-book";
import type { Tables } from "@omoios/adapters/dynamodb/client";
import { eventLogOn } from "@omoios/adapters/dynamodb/event-log";
import { logWriter } from "@omoios/adapters/dynamodb/log-writer";
import type { LogWriter } from "@omoios/domain/audit/ports";
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

/** Two writers of a log, of whom one is slow: its next pages land after so long, while the other writes and somebody follows. */
function slowLog(delays: number[]) {
  const time = { now: START };
  const log = eventLogOn(tables, auditBookOn(tables));
  const seen: string[] = [];
  let cursor: string | undefined = log.cursorAt(START);
  const follow = async (ms: number) => {
    time.now += ms;
    const { rows, cursor: next } = await log.after(cursor, 100, time.now);
    seen.push(...rows.map(({ id }) => id));
    cursor = next;
  };
  let n = 0;
  const writeTo = async (its: LogWriter) => {
    const list = await its.keep([{ event: planeEvent(`plane_${++n}`, 1, time.now) }], "events");
    await list();
  };
  const writing = { keys: memoryStageKeys(START), clock: { now: () => time.now }, random, retention_days: 90 };
  const quick = logWriter({ ...writing, tables });
  const isPage = ({ input }: BatchWriteCommand) => JSON.stringify(input.RequestItems).includes('"chain"');
  const held = tablesAround(tables, async (command, send) => {
    const delay = command instanceof BatchWriteCommand && isPage(command) ? delays.shift() : undefined;
    if (delay !== undefined) {
      time.now += 10;
      await writeTo(quick);
      await follow(delay);
    }
    return send();
  });
  const slow = logWriter({ ...writing, tables: held });
  return { seen, follow, write: () => writeTo(slow) };
}

it("shows a follower also what was listed late, behind a page that it has read", async () => {
  const log = slowLog([4_000]);
  await log.write();
  await log.follow(60_000);
  expect(log.seen.toSorted()).toEqual(["plane_1#1#0", "plane_2#1#0"]);
});

it("goes on where each try comes late: whoever reads again finds it", async () => {
  const log = slowLog([4_000, 4_000, 4_000]);
  await log.write();
  const again = eventLogOn(tables, auditBookOn(tables));
  const { rows } = await again.after(again.cursorAt(START), 100, START + 120_000);
  expect(rows.map(({ id }) => id)).toContain("plane_1#1#0");
});
