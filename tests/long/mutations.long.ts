import { expect, it } from "vitest";
import type { MutationName } from "../simulation/mutations.ts";
import { runSeeds } from "../simulation/pool.ts";

/**
 * The fence's check and the edge's condition. A claim without its fence (`take-without-fence`) needs a task that came back and is ready
 * again between a claim's look and its write: chance alone does not bring that about within 200 seeds any more, so that it wants a story.
 */
const FOUND: readonly MutationName[] = ["word-without-fence", "edge-without-condition"];
const SEEDS = Array.from({ length: 200 }, (_, index) => index + 1);

it.each(FOUND)("the simulation finds out a build with a %s within 200 seeds", async (mutation) => {
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
});
