import type { Instant } from "@omoios/kernel/clock";
import type { FleetAgent } from "../agents/fleet.ts";
import type { CacheMinute } from "../cache-counts.ts";
import type { RequestContext } from "../commit.ts";
import { unlessStale } from "../decide.ts";
import type { Store } from "../store.ts";
import { type ScoreParts, scoreFleet } from "./agents/score-fleet.ts";
import { type DetectParts, detection } from "./anomalies/detect.ts";
import { type BoundedFigure, boundedFiguresOf, newsOf } from "./figures/bounded.ts";
import { attendanceOf, fleetFigures } from "./figures/fleet-figures.ts";
import type { Measurement } from "./figures/measurement.ts";
import type { FigureStore, SweepMemory } from "./figures/memory.ts";
import { asksForItsEnd, measureEnds } from "./figures/over.ts";
import { countAgents, countTasks, ratioFigures, stageFigures } from "./figures/stage-figures.ts";
import type { JudgeParts } from "./series/judge.ts";
import type { Series } from "./series/model.ts";
import { sweepSeries } from "./series/sweep.ts";

export interface SweepParts extends JudgeParts, DetectParts, ScoreParts {
  figures: FigureStore;
  /** Tells CloudWatch, where there is one. */
  tell(figures: readonly BoundedFigure[], now: Instant): void;
  /** What the caches of this process were worth in the newest minute of which that can be said, once. */
  caches(): CacheMinute | undefined;
  /** Whether the detector sees the series. */
  detects: boolean;
}

/**
 * A minute of the monitor: what the plane's sums and its fleet say becomes samples, rules judge the minute, and the detector sees every
 * series.
 * @param fleet the agents that beat; undefined where that is not known now
 */
export async function sweepMinute(
  parts: SweepParts,
  ctx: RequestContext,
  fleet: readonly FleetAgent[] | undefined,
): Promise<void> {
  const [{ tallies, memory }, held, detector] = await Promise.all([
    parts.figures.read(),
    heldTasks(parts.state, fleet ?? []),
    parts.detects ? detection(parts, ctx) : undefined,
  ]);
  const scores = await scoreFleet(parts, ctx, fleet ?? []);
  const counted = countTasks(memory, tallies, ctx.now);
  const isStrange = (series: Series) => detector?.isOpen(series) ?? false;
  let [failed, blocked] = [0, 0];
  await sweepSeries(parts, ctx, {
    measured: [
      ...stageFigures(tallies, memory),
      ...fleetFigures(fleet ?? [], held, ctx.now),
      ...scores,
      ...ratioFigures(counted, ctx.now),
      ...cacheFigures(parts.caches()),
    ],
    ends: (series) =>
      measureEnds(
        parts.state,
        fleet,
        series.filter((each) => asksForItsEnd(each, isStrange)),
      ),
    isStrange,
    see: async (series) => {
      failed += series.filter((each) => each.metric === "agent.status.unresponsive" && stands(each)).length;
      blocked += series.filter((each) => each.metric === "ticket.blocked" && stands(each)).length;
      await detector?.see(series);
    },
  });
  await detector?.finish();
  const attendance = attendanceOf(fleet ?? [], failed);
  const after = fleet === undefined ? counted : countAgents(counted, attendance, ctx.now);
  const { active, all } = attendance;
  const stuck = held.filter((task) => task.stuck).length;
  const seen = { active, stale: all - failed - active, failed, stuck, blocked };
  const seeing = fleet === undefined ? after : { ...after, fleet: seen };
  const { news, told } = newsOf(boundedFiguresOf(tallies, memory, seeing, ctx.now), memory.told);
  const remembered = await remember(parts.figures, memory, news.length === 0 ? seeing : { ...seeing, told });
  if (remembered && news.length > 0) parts.tell(news, ctx.now);
}

/** In hundredths, so that a steady fleet is not a sample each minute. */
const cacheFigures = (minute: CacheMinute | undefined): Measurement[] =>
  minute === undefined
    ? []
    : [{ metric: "cache_hit_ratio", labels: {}, value: Math.round((100 * minute.hits) / minute.reads) / 100 }];

/** Whether a series says that something is so now. */
const stands = ({ recent }: Series): boolean => recent.at(-1)?.[1] === 1;

/** The tasks in the agents' slots. */
async function heldTasks(store: Store, fleet: readonly FleetAgent[]) {
  const slots = fleet.flatMap(({ agent }) =>
    Object.values(agent.slots).map((slot) => ({ ...slot, by: agent.agent_id })),
  );
  if (slots.length === 0) return [];
  const tasks = await store.getMany(
    "task",
    slots.map(({ task_id }) => ({ task_id })),
  );
  const holder = new Map(slots.map(({ task_id, by }) => [task_id, by]));
  return tasks.filter(({ task_id, agent_id, status }) => status === "running" && agent_id === holder.get(task_id));
}

/** After the samples, so that a sweep that dies is made up for. Of two side by side one remembers, and tells. */
async function remember(figures: FigureStore, before: SweepMemory, after: SweepMemory): Promise<boolean> {
  if (JSON.stringify(before) === JSON.stringify(after)) return true;
  return unlessStale(() => figures.remember(after));
}
