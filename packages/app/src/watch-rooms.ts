import { agentBookOn } from "@omoios/adapters/dynamodb/agent-book";
import { alertLogOn } from "@omoios/adapters/dynamodb/alert-log";
import { beatsOn } from "@omoios/adapters/dynamodb/beats";
import { detectorBankOn } from "@omoios/adapters/dynamodb/detector-bank";
import { receiverSlotsOn } from "@omoios/adapters/dynamodb/receiver-slots";
import { seriesOn } from "@omoios/adapters/dynamodb/series";
import { figuresOn, talliesOn } from "@omoios/adapters/dynamodb/tallies";
import { deliver } from "@omoios/domain/alerting/deliver";
import type { AlertParts } from "@omoios/domain/alerting/parts";
import { routingOf } from "@omoios/domain/alerting/routing";
import { ruleService } from "@omoios/domain/alerting/rules/service";
import { alertingService } from "@omoios/domain/alerting/service";
import type { RequestContext } from "@omoios/domain/commit";
import { guardianService } from "@omoios/domain/guardian/service";
import { countedTries } from "@omoios/domain/monitor/figures/counted-tries";
import { embeddedLines } from "@omoios/domain/monitor/figures/embedded";
import { seriesService } from "@omoios/domain/monitor/series/service";
import { monitorService } from "@omoios/domain/monitor/service";
import { countDependents } from "@omoios/domain/tasks/count-dependents";
import { watchdogService } from "@omoios/domain/watchdog/service";
import type { Ground } from "./ground.ts";
import { handsOf } from "./hands.ts";
import type { Rooms } from "./rooms.ts";

const DAY_MS = 86_400_000;

export type WatchRooms = ReturnType<typeof watchRooms>;

/** The rooms that watch over the fleet's work, furnished over those in which it is done. */
export function watchRooms(ground: Ground, { parts, known_phases, access, agents, operator }: Rooms) {
  const { tables, clock, limits, stage, figure_line } = ground;
  const { store, commit, timers, pulse } = parts;
  const alert_parts: AlertParts = {
    store,
    commit,
    timers,
    log: countedTries(alertLogOn(tables), talliesOn(tables)),
    routing: routingOf(ground.alert_routing, ground.lacks !== "deduplication"),
    external_url: ground.public_url ?? (() => ""),
    limits,
  };
  const alerting = alertingService(alert_parts);
  const receivers = new Set(ground.alert_routing.receivers.map(({ name }) => name));
  const rules = ruleService({ store, commit, clock, files: ground.alert_rules.written, receivers });
  const judging = { store: seriesOn(tables, clock, limits.retention_days.samples * DAY_MS), rules, alerting };
  return {
    alerting,
    rules,
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
      detects: ground.lacks !== "detector",
    }),
    watchdog: watchdogService({
      store,
      commit,
      timers,
      pulse,
      beats: beatsOn(tables),
      agents,
      alerting,
      policies: ground.watchdog_policies,
      known_phases,
      limits,
    }),
    guardian: guardianService({
      ...parts,
      hands: handsOf({ access, agents, operator }),
      policies: ground.guardian_policies,
    }),
    deliver: (ctx: RequestContext, delivery_id: string) => {
      if (ground.sender === undefined) throw new Error("This function has nothing to send notifications with");
      return deliver({ ...alert_parts, slots: receiverSlotsOn(tables) }, ground.sender(), ctx, delivery_id);
    },
  };
}
