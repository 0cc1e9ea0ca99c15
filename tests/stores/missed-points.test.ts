import type { Tables } from "@omoios/adapters/dynamodb/client";
import { commitTo } from "@omoios/adapters/dynamodb/commit";
import { detectorBankOn } from "@omoios/adapters/dynamodb/detector-bank";
import { seriesOn } from "@omoios/adapters/dynamodb/series";
import { storeOn } from "@omoios/adapters/dynamodb/store";
import { defaultLimits } from "@omoios/contracts/default-limits";
import { type DetectParts, detection } from "@omoios/domain/monitor/anomalies/detect";
import { decodeState, encodeState } from "@omoios/domain/monitor/codec";
import { step } from "@omoios/domain/monitor/detector";
import { newSeries, type Point, seriesId } from "@omoios/domain/monitor/series/model";
import { takePoints } from "@omoios/domain/monitor/series/points";
import { newState } from "@omoios/domain/monitor/state";
import { systemContext } from "@omoios/kernel/context";
import { systemRandom } from "@omoios/kernel/random";
import { beforeEach, expect, it } from "vitest";
import { withTables } from "../harness/dynamodb.ts";

const START = Date.parse("2026-01-05T10:00:00Z");
const MINUTE = 60_000;
const DAY = 1_440;
const METRIC = "agent.progress_age_seconds";

let tables: Tables;
let now: number;
let parts: DetectParts;

beforeEach(async () => {
  const started = await withTables();
  tables = started.tables;
  now = START;
  const clock = { now: () => now };
  parts = {
    store: seriesOn(tables, clock, 14 * DAY * MINUTE),
    rules: { ofMetric: async () => [] },
    state: storeOn(tables, clock),
    commit: commitTo(tables, defaultLimits.idempotency_hours),
    bank: detectorBankOn(tables),
    limits: defaultLimits,
  };
  return () => started.stop();
});

const keyOf = (n: number) => {
  const labels = { agent_id: `a${n}` };
  return { id: seriesId(METRIC, labels), metric: METRIC, labels };
};
/** A point a minute, the same for each series. */
const points = (from: number, count: number): Point[] =>
  Array.from({ length: count }, (_, n) => [START + (from + n) * MINUTE, 100 + (((from + n) * 7_919) % 13)]);

/** Points come to a series as a call brings them. */
async function bring(n: number, come: readonly Point[]): Promise<void> {
  const [known] = await parts.store.getMany([keyOf(n)]);
  const { series, chunks } = takePoints(known ?? newSeries(keyOf(n)), come);
  await parts.store.save(series, chunks);
  now = Math.max(now, come.at(-1)?.[0] ?? now);
}

async function sweep(most_replayed?: number): Promise<void> {
  const detector = await detection(parts, systemContext("test", now, systemRandom), most_replayed);
  await detector.see((await parts.store.page(undefined, { limit: 1_000 })).rows);
  await detector.finish();
}

async function stateOf(n: number): Promise<Uint8Array> {
  const drawers = await parts.bank.load();
  const [state] = drawers.flatMap(({ watched }) => watched.get(keyOf(n).id)?.state ?? []);
  if (state === undefined) throw new Error(`Nothing is known of series ${n}`);
  return new Uint8Array(state);
}

/** What a sweep that saw each point as it came would know. */
function undisturbed(seen: readonly Point[]): Uint8Array {
  const state = newState();
  for (const [at, value] of seen) step(state, value, at);
  return encodeState(state);
}

it("a sweep that pauses for 60 points knows what it would have known without", async () => {
  for (let from = 0; from < 240; from += 10) {
    await bring(1, points(from, 10));
    await bring(2, points(from, 10));
    await sweep();
  }
  for (let from = 240; from < 300; from += 5) await bring(1, points(from, 5));
  await bring(2, points(240, 60));
  await sweep();
  const expected = undisturbed(points(0, 300));
  expect([await stateOf(1), await stateOf(2)]).toEqual([expected, expected]);
});

it("a long pause is taken up in pages, one in each sweep, and a series that had no turn is left as it was", async () => {
  await bring(1, points(0, 20));
  await bring(2, points(0, 20));
  await sweep();
  for (let from = 20; from < 1_300; from += 320) for (const n of [1, 2]) await bring(n, points(from, 320));
  const learned = async () => [decodeState(await stateOf(1)).points, decodeState(await stateOf(2)).points];
  await sweep(1);
  expect((await learned()).sort((a, b) => a - b)).toEqual([20, 1_020]);
  for (let n = 0; n < 3; n++) await sweep(1);
  expect(await learned()).toEqual([1_300, 1_300]);
  expect(await stateOf(1)).toEqual(undisturbed(points(0, 1_300)));
});

it("what came more than a day ago is left out: the means begin anew behind the gap", async () => {
  await bring(1, points(0, 20));
  await sweep();
  await bring(1, points(30, 100));
  now += 3 * DAY * MINUTE;
  const later = points(3 * DAY + 130, 60);
  await bring(1, later);
  await sweep();
  expect(await stateOf(1)).toEqual(undisturbed([...points(0, 20), ...later]));
});

it("what was strange about a series that nobody samples any more is over, though no usual point comes", async () => {
  await bring(1, points(0, 240));
  await sweep();
  await bring(1, [[now + MINUTE, 90_000]]);
  await sweep();
  const open = async () => {
    const { rows } = await parts.state.list("anomaly", "anomalies", { limit: 10 });
    return rows.map(({ observed, cleared_at }) => [observed, cleared_at]);
  };
  const found = now;
  expect(await open()).toEqual([[90_000, undefined]]);
  now = found + 90 * MINUTE;
  await sweep();
  expect(await open()).toEqual([[90_000, undefined]]);
  now = found + 110 * MINUTE;
  await sweep();
  expect(await open()).toEqual([[90_000, now]]);
});
