import type { Tables } from "@omoios/adapters/dynamodb/client";
import { commitTo } from "@omoios/adapters/dynamodb/commit";
import { storeOn } from "@omoios/adapters/dynamodb/store";
import { laneBook } from "@omoios/domain/tasks/lane-book";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { withTables } from "../harness/dynamodb.ts";
import { contextAt, limits, MINUTE, NOW, taskRow } from "../harness/task-row.ts";

const PHASE = "PHASE_IMPLEMENTATION";
let tables: Tables;
let stop: () => Promise<void>;
beforeAll(async () => ({ tables, stop } = await withTables()));
afterAll(() => stop());

/** A process of its own, with its own caches, and a lane that it made at `NOW`; a class of agents can take it. */
function processOn(capability: string) {
  const clock = { at: NOW, now: () => clock.at };
  const store = storeOn(tables, clock);
  const book = laneBook({ store, commit: commitTo(tables, limits.idempotency_hours), clock, limits });
  const at = (ms: number) => {
    clock.at = NOW + ms;
    return contextAt(clock.at);
  };
  return { book, at, made: () => book.ensureLane(at(0), PHASE, [capability]), store };
}

describe("a crowded lane", () => {
  test("gets twice as many shards, for tasks that become ready from then on and for those who look for them", async () => {
    const { book, at, made, store } = processOn("twice");
    const class_id = await book.ensureClass(at(0), [PHASE], ["twice", "more"]);
    const { lane } = await made();
    expect(await book.shardsOf(at(0), taskRow({ lane }))).toBe(1);
    await book.grow(at(MINUTE), lane);
    expect(await book.shardsOf(at(MINUTE), taskRow({ lane }))).toBe(2);
    expect(await book.ensureLane(at(MINUTE), PHASE, ["twice"])).toEqual({ lane, shards: 2 });
    expect(await book.lanesOf(class_id)).toMatchObject([{ lane, shards: 2 }]);
    expect(await store.all("pair", { class_id })).toMatchObject([{ lane, shards: 2 }]);
  });

  test("that many processes find crowded is doubled once a minute", async () => {
    const crowd = Array.from({ length: 5 }, () => processOn("crowd"));
    const lane = (await crowd[0]?.made())?.lane ?? "";
    const shardsAfter = async (ms: number) => {
      await Promise.all(crowd.map(({ book, at }) => book.grow(at(ms), lane)));
      return (await storeOn(tables, { now: () => NOW }).get("lane", { lane }))?.shards;
    };
    // Made just now: what its tasks are like is not known yet.
    expect(await shardsAfter(MINUTE - 1)).toBe(1);
    expect(await shardsAfter(MINUTE)).toBe(2);
    expect(await shardsAfter(2 * MINUTE - 1)).toBe(2);
    expect(await shardsAfter(2 * MINUTE)).toBe(4);
  });

  test("is known to other processes within a minute", async () => {
    const [one, other] = [processOn("other"), processOn("other")];
    const { lane } = await one.made();
    expect(await other.book.shardsOf(other.at(MINUTE), taskRow({ lane }))).toBe(1);
    await one.book.grow(one.at(MINUTE), lane);
    expect(await other.book.shardsOf(other.at(2 * MINUTE), taskRow({ lane }))).toBe(2);
  });

  test("grows to 64 shards and no further", async () => {
    const { book, at, made } = processOn("most");
    const { lane } = await made();
    const seen: number[] = [];
    for (let minute = 1; minute <= 8; minute++) {
      await book.grow(at(minute * MINUTE), lane);
      seen.push(await book.shardsOf(at(minute * MINUTE), taskRow({ lane })));
    }
    expect(seen).toEqual([2, 4, 8, 16, 32, 64, 64, 64]);
  });

  test("keeps its shards when it is touched again", async () => {
    const { book, at, made } = processOn("kept");
    const { lane } = await made();
    await book.grow(at(MINUTE), lane);
    expect(await book.ensureLane(at(120 * MINUTE), PHASE, ["kept"])).toEqual({ lane, shards: 2 });
  });

  test("that is gone does not come back by growing", async () => {
    const { book, at, store } = processOn("gone");
    await book.grow(at(MINUTE), "0123456789abcdef");
    expect(await store.get("lane", { lane: "0123456789abcdef" })).toBeUndefined();
  });
});
