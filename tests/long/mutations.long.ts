import { expect, it } from "vitest";
import { MUTATIONS, type MutationName } from "../simulation/mutations.ts";
import { runSeeds } from "../simulation/pool.ts";

const SEEDS = Array.from({ length: 200 }, (_, index) => index + 1);

it.each(Object.keys(MUTATIONS) as MutationName[])(
  "the simulation finds out a build with a %s within 200 seeds",
  async (mutation) => {
    const failed: number[] = [];
    await runSeeds({
      seeds: SEEDS,
      workers: 2,
      mutation,
      ended({ seed, faults }) {
        if (faults.length > 0) failed.push(seed);
        return failed.length > 0;
      },
    });
    expect(failed).not.toEqual([]);
  },
);
