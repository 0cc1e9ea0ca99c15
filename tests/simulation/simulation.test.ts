import { type Database, startDatabase } from "@omoios/simulation/database";
import { afterAll, beforeAll, expect, it } from "vitest";
import { program } from "../harness/built/built.ts";
import { runSeeds } from "./pool.ts";
import { type Outcome, simulate } from "./simulate.ts";

/** Nothing here is judged by time; this only ends a run that hangs. */
const HANGS_MS = 900_000;
const WORKERS = 2;
const SEEDS = Array.from({ length: 50 }, (_, index) => index + 1);

let database: Database;
/** How each seed ended in a process of its own, after those that it was given before. */
const outcomes = new Map<number, Outcome>();
beforeAll(async () => {
  database = startDatabase();
  await runSeeds({
    seeds: SEEDS,
    workers: WORKERS,
    program: await program("simulation-worker"),
    ended(outcome) {
      outcomes.set(outcome.seed, outcome);
      return false;
    },
  });
}, HANGS_MS);
afterAll(() => database.stop());

it("holds in every seed", () => {
  expect([...outcomes.keys()].sort((a, b) => a - b)).toEqual(SEEDS);
  const failed = [...outcomes.values()].filter(({ faults }) => faults.length > 0);
  expect(failed, "see one by: npm run simulate -- --seed N --trace").toEqual([]);
});

it(
  "replays a seed the same, in another process and whatever ran before it",
  async () => {
    const first = await simulate(database, 8);
    await simulate(database, 9);
    expect(await simulate(database, 8)).toEqual(first);
    expect(outcomes.get(8)).toEqual(first);
    expect(first.changes).toBeGreaterThan(50);
  },
  HANGS_MS,
);
