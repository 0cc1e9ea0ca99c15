import type { Severity } from "@omoios/contracts/shapes/alert";
import type { Instant } from "@omoios/kernel/clock";
import type { SweepMemory } from "./figures/memory.ts";
import type { Tally } from "./figures/tally.ts";
import type { Series } from "./series/model.ts";
import { serviceLevel, type TARGETS } from "./service-levels.ts";

/** What the plane's sums say of it as a whole. */
export function overviewOf(tallies: readonly Tally[], { availability, success, fleet }: SweepMemory, now: Instant) {
  const phases = tallies.filter(({ scope }) => scope.startsWith("phase#"));
  const alerts = tallies.find(({ scope }) => scope === "alerts");
  const firing = (severity: Severity) => Math.max(0, alerts?.totals[severity] ?? 0);
  const sum = (wanted: (figure: string) => boolean) =>
    phases
      .flatMap(({ totals }) => Object.entries(totals))
      .filter(([figure]) => wanted(figure))
      .reduce((all, [, value]) => all + value, 0);
  const total = (name: string) =>
    Math.max(
      0,
      sum((figure) => figure === name),
    );
  const level = (of: keyof typeof TARGETS, hours: SweepMemory["success"]) => ({
    hour: shown(serviceLevel(hours, now, { over: "hour", of })),
    day: shown(serviceLevel(hours, now, { over: "day", of })),
  });
  return {
    totals: {
      queued: Math.max(
        0,
        sum((figure) => figure.startsWith("queued#")),
      ),
      running: total("running"),
      stuck: fleet?.stuck ?? 0,
      completed: total("completed"),
      failed: total("failed"),
      dead_lettered: total("dead_lettered"),
      tickets_blocked: fleet?.blocked ?? 0,
    },
    locks: { active: total("running") },
    alerts: { info: firing("info"), warning: firing("warning"), error: firing("error"), critical: firing("critical") },
    agents: { active: fleet?.active ?? 0, stale: fleet?.stale ?? 0, failed: fleet?.failed ?? 0 },
    service_levels: {
      agent_availability_ratio: level("agent_availability_ratio", availability),
      task_success_ratio: level("task_success_ratio", success),
    },
  };
}

const shown = ({ ratio, target, met }: ReturnType<typeof serviceLevel>) => ({ ratio: ratio ?? null, target, met });

/** The series with the highest last values, the highest first. */
export function worst(all: readonly Series[], count: number): Series[] {
  const last = ({ recent }: Series) => recent.at(-1)?.[1] ?? Number.NEGATIVE_INFINITY;
  return [...all].sort((a, b) => last(b) - last(a)).slice(0, count);
}
