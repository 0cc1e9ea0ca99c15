import type { Limits } from "@omoios/contracts/limits";
import type { Instant } from "@omoios/kernel/clock";
import type { ReadyLanes } from "../store.ts";
import { laneOfShard } from "./lane.ts";
import type { TaskParts } from "./parts.ts";

type CrowdLimits = Pick<Limits, "lane_grows_failed_one_in" | "lane_grows_takes" | "lane_grows_seconds">;

/** The lanes, with the takes of this process counted: a crowded lane grows for what becomes ready from then on. */
export function countedTakes({ lanes, book, limits }: Pick<TaskParts, "lanes" | "book" | "limits">): ReadyLanes {
  const crowd = crowdOf(limits);
  return {
    ...lanes,
    async take(ctx, entry, take) {
      const task = await lanes.take(ctx, entry, take);
      const lane = laneOfShard(entry.ready_lane);
      if (crowd.took(lane, task !== undefined, ctx.now)) await book.grow(ctx, lane);
      return task;
    },
  };
}

/**
 * Counts each lane's takes over a stretch of time. `took` answers whether the lane is crowded: asked at the first take that fails
 * after the stretch, so that a claim that has won is not held up, and each stretch is judged once.
 */
export function crowdOf(limits: CrowdLimits) {
  const lanes = new Map<string, { since: Instant; takes: number; failed: number }>();
  return {
    took(lane: string, won: boolean, now: Instant): boolean {
      const count = lanes.get(lane) ?? { since: now, takes: 0, failed: 0 };
      lanes.set(lane, { ...count, takes: count.takes + 1, failed: count.failed + (won ? 0 : 1) });
      if (won || now - count.since < limits.lane_grows_seconds * 1000) return false;
      lanes.delete(lane);
      return count.takes >= limits.lane_grows_takes && count.failed * limits.lane_grows_failed_one_in > count.takes;
    },
  };
}
