import {
  type boundedFigures,
  type FigureDimension,
  MOST_PHASES,
  OTHER_PHASES,
} from "@omoios/contracts/bounded-figures";
import { SEVERITIES } from "@omoios/contracts/shapes/alert";
import { PRIORITIES } from "@omoios/contracts/shapes/common";
import type { Instant } from "@omoios/kernel/clock";
import { overviewOf } from "../overview.ts";
import type { SweepMemory } from "./memory.ts";
import type { Tally } from "./tally.ts";

/** A figure as CloudWatch gets it, beside its stage. */
export interface BoundedFigure {
  dimension: FigureDimension;
  /** Empty for figures of the whole stage. */
  of: string;
  name: (typeof boundedFigures)[FigureDimension][number];
  value: number;
  /** A total is what it rose by; 0 is no news. */
  total: boolean;
}

/** What the sums say, in series whose number does not grow with the stage. `before` is what was remembered a minute ago. */
export function boundedFiguresOf(
  tallies: readonly Tally[],
  before: SweepMemory,
  after: SweepMemory,
  now: Instant,
): BoundedFigure[] {
  const { totals, agents, alerts, service_levels } = overviewOf(tallies, after, now);
  const gauge = (name: BoundedFigure["name"], value: number | null, dimension: FigureDimension = "stage", of = "") =>
    value === null ? [] : [{ dimension, of, name, value, total: false }];
  const phases = tallies.filter(({ scope }) => scope.startsWith("phase#"));
  const rise = (name: BoundedFigure["name"], figure: string) => {
    const value = phases.reduce((sum, tally) => sum + risen(tally, figure, before), 0);
    return [{ dimension: "stage" as const, of: "", name, value, total: true }];
  };
  const { agent_availability_ratio, task_success_ratio } = service_levels;
  return [
    ...gauge("tasks_running", totals.running),
    ...gauge("tasks_stuck", totals.stuck),
    ...rise("tasks_completed_total", "completed"),
    ...rise("tasks_failed_total", "failed"),
    ...rise("tasks_dead_lettered_total", "dead_lettered"),
    ...gauge("tickets_blocked", totals.tickets_blocked),
    ...gauge("agents_active", agents.active),
    ...gauge("agents_stale", agents.stale),
    ...gauge("agents_failed", agents.failed),
    ...gauge("agent_availability_ratio", agent_availability_ratio.hour.ratio),
    ...gauge("task_success_ratio", task_success_ratio.hour.ratio),
    ...PRIORITIES.flatMap((priority) =>
      gauge("tasks_queued_total", sumOf(phases, `queued#${priority}`), "priority", priority),
    ),
    ...queuedByPhase(phases),
    ...SEVERITIES.flatMap((severity) => gauge("alerts_active", alerts[severity], "severity", severity)),
    ...notifications(tallies, before),
  ];
}

const risen = ({ scope, totals }: Tally, figure: string, { sampled }: SweepMemory): number =>
  (totals[figure] ?? 0) - (sampled[`${scope}#${figure}`] ?? 0);

const sumOf = (tallies: readonly Tally[], figure: string): number =>
  Math.max(
    0,
    tallies.reduce((sum, { totals }) => sum + (totals[figure] ?? 0), 0),
  );

function queuedByPhase(phases: readonly Tally[]): BoundedFigure[] {
  const queued = new Map<string, number>();
  const sorted = [...phases].sort((a, b) => (a.scope < b.scope ? -1 : 1));
  for (const [index, tally] of sorted.entries()) {
    const of = index < MOST_PHASES ? tally.scope.slice("phase#".length) : OTHER_PHASES;
    const own = PRIORITIES.reduce((sum, priority) => sum + sumOf([tally], `queued#${priority}`), 0);
    queued.set(of, (queued.get(of) ?? 0) + own);
  }
  return [...queued].map(([of, value]) => ({
    dimension: "phase_id",
    of,
    name: "tasks_queued_total",
    value,
    total: false,
  }));
}

function notifications(tallies: readonly Tally[], before: SweepMemory): BoundedFigure[] {
  const tally = tallies.find(({ scope }) => scope === "notifications");
  const sums = new Map<string, number>();
  for (const figure of Object.keys(tally?.totals ?? {})) {
    const outcome = figure.slice(figure.lastIndexOf("#") + 1);
    sums.set(outcome, (sums.get(outcome) ?? 0) + (tally === undefined ? 0 : risen(tally, figure, before)));
  }
  return [...sums].map(([of, value]) => ({
    dimension: "outcome",
    of,
    name: "notifications_total",
    value,
    total: true,
  }));
}

const keyOf = ({ dimension, of, name }: BoundedFigure): string => `${dimension}#${of}#${name}`;

/** Those that are news, and what is then known of all gauges. A gauge that was never other than 0 is none. */
export function newsOf(
  figures: readonly BoundedFigure[],
  told: Readonly<Record<string, number>> = {},
): { news: BoundedFigure[]; told: Record<string, number> } {
  const news = figures.filter((figure) =>
    figure.total ? figure.value > 0 : figure.value !== (told[keyOf(figure)] ?? 0),
  );
  const gauges = news.filter(({ total }) => !total).map((figure) => [keyOf(figure), figure.value] as const);
  return { news, told: { ...told, ...Object.fromEntries(gauges) } };
}
