import type { Instant } from "@omoios/kernel/clock";
import type { RequestContext } from "../commit.ts";
import { untilSettled } from "../decide.ts";
import type { LadderMarks } from "./life-rows.ts";
import { type BeatLimits, isMassive } from "./misses.ts";
import type { AgentParts } from "./parts.ts";

type FleetParts = Pick<AgentParts, "store" | "commit">;

/** How the fleet beats at one moment. */
interface Fleet {
  /** Since when each silent agent is late. */
  late_since: readonly Instant[];
  active: number;
  /** When the newest beat of all came. */
  heard_at: Instant;
}

type Guard = Pick<LadderMarks, "massive_since" | "let_go_at">;

/**
 * Whether so many are silent together that none is held to it, and since when. It is over when they are fewer, or after `most_seconds`
 * while others beat: then beats do arrive, and who is still silent is gone. Where nobody beats it lasts for as long as that.
 */
export function judgeSilence(fleet: Fleet, marks: Guard | undefined, now: Instant, limits: BeatLimits): Guard {
  const { massive_since = now, let_go_at } = marks ?? {};
  const standing = let_go_at === undefined ? {} : { let_go_at };
  const together = fleet.late_since.filter((at) => at > (let_go_at ?? Number.NEGATIVE_INFINITY)).length;
  if (!isMassive(together, fleet.active, limits)) return standing;
  const others_beat = fleet.heard_at > now - limits.heartbeat_idle_seconds * 1000;
  if (others_beat && now - massive_since >= limits.mass_silence.most_seconds * 1000) return { let_go_at: now };
  return { ...standing, massive_since };
}

/** Says once that so many are silent together that none is held to it. */
export function sayMassive(
  { store, commit }: FleetParts,
  ctx: RequestContext,
  counted: { silent: number; active: number },
): Promise<void> {
  return untilSettled(async () => {
    const before = await store.get("fleet", {});
    if (before?.silent_since !== undefined) return;
    const after = { version: before?.version ?? 0, silent_since: ctx.now };
    const events = [{ type: "monitor.mass_silence" as const, data: counted }];
    await commit(ctx, [{ kind: "fleet", ...(before === undefined ? {} : { before }), after, events }]);
  });
}

/** Says that the silence is over; the next one will be said again. */
export function sayOver({ store, commit }: FleetParts, ctx: RequestContext): Promise<void> {
  return untilSettled(async () => {
    const before = await store.get("fleet", {});
    if (before?.silent_since === undefined) return;
    const data = { lasted_seconds: (ctx.now - before.silent_since) / 1000 };
    const events = [{ type: "monitor.mass_silence.cleared" as const, data }];
    await commit(ctx, [{ kind: "fleet", before, after: { ...before, silent_since: undefined }, events }]);
  });
}
