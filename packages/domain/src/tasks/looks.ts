import type { Random } from "@omoios/kernel/random";
import { showWork } from "./hint-cache.ts";
import { openLanesOf } from "./open-lanes.ts";
import type { TaskParts } from "./parts.ts";
import { hintedLanes, lanesToTry, randomLane } from "./pick.ts";

/** The lane shards that one claim looks into. */
export interface Looks {
  /** The next one; `undefined` when all were looked into that are worth it. */
  next(): string | undefined;
  /** There was nothing to take in it: the hints that led there are older than what was seen, and are read again. */
  nothingIn(shard: string): Promise<void>;
  /** A race was lost in it: it comes again, behind the others. */
  lostIn(shard: string): void;
}

/**
 * First the shard that the claim was told of, if it was; else those of `lanesToTry`. After the first that holds nothing, those that hold
 * work by newer hints; and where these show none either, a random one, once. `claim_lanes` that hold nothing end it.
 */
export async function looksOf(
  { limits, workHints, ...lanes }: Pick<TaskParts, "limits" | "workHints" | "book" | "pausedLanes">,
  class_id: string,
  random: Random,
  told?: string,
): Promise<Looks> {
  const pairs = await openLanesOf(lanes, class_id);
  const names = pairs.map(({ lane }) => lane);
  const given = { most: limits.claim_lanes, one_in: limits.claim_random_lane_one_in, random };
  const hints = told === undefined ? await workHints.of(names) : undefined;
  const empty = new Set<string>();
  const lost = new Set<string>();
  let ahead = told === undefined ? lanesToTry(pairs, hints ?? new Map(), given) : [told];
  /** Whether a random one is among those ahead or behind: a claim that was told of a lane has looked at one before it waited. */
  let anywhere = hints === undefined || !showWork(hints);

  const newlyHinted = async () => {
    const next = hintedLanes(pairs, await workHints.again(names), given).filter((shard) => !lost.has(shard));
    if (next.every((shard) => empty.has(shard)) && !anywhere) {
      anywhere = true;
      next.push(...randomLane(pairs, random));
    }
    return next.filter((shard) => !empty.has(shard));
  };

  return {
    next: () => ahead.shift(),

    async nothingIn(shard) {
      empty.add(shard);
      const next = empty.size < limits.claim_lanes ? await newlyHinted() : [];
      ahead = [...next, ...ahead.filter((each) => lost.has(each))];
    },

    lostIn(shard) {
      lost.add(shard);
      ahead.push(shard);
    },
  };
}
