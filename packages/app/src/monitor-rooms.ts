import { agentBookOn } from "@omoios/adapters/dynamodb/agent-book";
import type { Tables } from "@omoios/adapters/dynamodb/client";
import { detectorBankOn } from "@omoios/adapters/dynamodb/detector-bank";
import { seriesOn } from "@omoios/adapters/dynamodb/series";
import { figuresOn } from "@omoios/adapters/dynamodb/tallies";
import type { Limits } from "@omoios/contracts/limits";
import type { Agents } from "@omoios/domain/agents/service";
import type { Commit } from "@omoios/domain/commit";
import { embeddedLines } from "@omoios/domain/monitor/figures/embedded";
import type { JudgeParts } from "@omoios/domain/monitor/series/judge";
import { seriesService } from "@omoios/domain/monitor/series/service";
import { monitorService } from "@omoios/domain/monitor/service";
import type { Store } from "@omoios/domain/store";
import { countDependents } from "@omoios/domain/tasks/count-dependents";
import type { Clock } from "@omoios/kernel/clock";

const DAY_MS = 86_400_000;

interface MonitorGround extends Pick<JudgeParts, "rules" | "alerting"> {
  tables: Tables;
  clock: Clock;
  limits: Limits;
  store: Store;
  commit: Commit;
  agents: Pick<Agents, "isolate">;
  stage: string;
  /** Takes lines of the embedded metric format. */
  figure_line: ((line: string) => void) | undefined;
}

/** What measures, and what judges that. */
export function monitorRooms(ground: MonitorGround) {
  const { tables, clock, limits, store, commit, agents, rules, alerting, stage, figure_line } = ground;
  const judging = { store: seriesOn(tables, clock, limits.retention_days.samples * DAY_MS), rules, alerting };
  return {
    series: seriesService({ ...judging, limits }),
    monitor: monitorService({
      ...judging,
      state: store,
      commit,
      figures: figuresOn(tables),
      bank: detectorBankOn(tables),
      book: agentBookOn(tables),
      dependentsOf: (task_ids) => countDependents(store, task_ids),
      quarantine: agents.isolate,
      tell(figures, now) {
        if (figure_line !== undefined) for (const line of embeddedLines(figures, stage, now)) figure_line(line);
      },
      limits,
    }),
  };
}
