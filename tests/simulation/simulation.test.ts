import { type Database, startDatabase } from "@omoios/simulation/database";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runSeeds } from "./pool.ts";
import { type Outcome, simulate } from "./simulate.ts";

/** Nothing here is judged by time; this only ends a run that hangs. */
const HANGS_MS = 900_000;
const WORKERS = 2;

const seeds = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);

describe("the simulation", () => {
  it(
    "holds in every seed",
    async () => {
      const failed: Pick<Outcome, "seed" | "faults">[] = [];
      await runSeeds({
        seeds: seeds(50),
        workers: WORKERS,
        ended({ seed, faults }) {
          if (faults.length > 0) failed.push({ seed, faults });
          return false;
        },
      });
      expect(failed, "see one by: npm run simulate -- --seed N --trace").toEqual([]);
    },
    HANGS_MS,
  );
});

describe("a seed", () => {
  let database: Database;
  beforeAll(() => {
    database = startDatabase();
  });
  afterAll(() => database.stop());

  it(
    "replays the same, whatever ran before it",
    async () => {
      const first = await simulate(database, 7);
      await simulate(database, 8);
      const again = await simulate(database, 7);
      expect(again).toEqual(first);
      expect(first.changes).toBeGreaterThan(50);
    },
    HANGS_MS,
  );

  it(
    "replays the same in a process of its own",
    async () => {
      const elsewhere: Outcome[] = [];
      await runSeeds({
        seeds: [6, 7],
        workers: 1,
        ended(outcome) {
          elsewhere.push(outcome);
          return false;
        },
      });
      expect(elsewhere.at(-1)).toEqual(await simulate(database, 7));
    },
    HANGS_MS,
  );
});
