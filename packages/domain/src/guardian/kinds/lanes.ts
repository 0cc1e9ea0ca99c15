import type { InterventionState } from "@omoios/contracts/shapes/guardian";
import { fromRfc3339, timeOrNull } from "@omoios/kernel/clock";
import { Problem } from "@omoios/kernel/problem";
import type { PauseRow } from "../../access/model.ts";
import { type Kind, type KindParts, seenAs } from "../hands.ts";

/** With the moment since when: a lane that was resumed and paused again is another pause. */
const pauseOf =
  (lane: string) =>
  (row: PauseRow | undefined): InterventionState => {
    const since = row?.lanes?.[lane];
    return { paused: since !== undefined, since: timeOrNull(since) };
  };

/** An empty lane goes after a while, and its pause stays. */
async function expectLane({ store }: KindParts, lane: string): Promise<PauseRow | undefined> {
  const [row, pauses] = await Promise.all([store.get("lane", { lane }), store.get("pause", {})]);
  if (row === undefined && pauses?.lanes?.[lane] === undefined)
    throw new Problem("lane.not_found", { detail: `There is no lane ${lane}.` });
  return pauses;
}

const undo: Kind["undo"] = ({ hands }, ctx, { target, before }, _by_time, beside) => {
  const since = typeof before.since === "string" ? fromRfc3339(before.since) : undefined;
  return hands.pauseLane(ctx, target.id, since, seenAs(pauseOf(target.id), beside));
};

const look: Kind["look"] = async ({ store }, { target }) => pauseOf(target.id)(await store.get("pause", {}));

export const pauseLane: Kind = {
  async act(parts, ctx, { target }, beside) {
    const pauses = await expectLane(parts, target.id);
    const since = pauses?.lanes?.[target.id] ?? ctx.now;
    return parts.hands.pauseLane(ctx, target.id, since, seenAs(pauseOf(target.id), beside));
  },
  undo,
  look,
};

export const resumeLane: Kind = {
  async act(parts, ctx, { target }, beside) {
    await expectLane(parts, target.id);
    return parts.hands.pauseLane(ctx, target.id, undefined, seenAs(pauseOf(target.id), beside));
  },
  undo,
  look,
};
