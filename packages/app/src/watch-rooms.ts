import { agentBookOn } from "@omoios/adapters/dynamodb/agent-book";
import { alertLogOn } from "@omoios/adapters/dynamodb/alert-log";
import { beatsOn } from "@omoios/adapters/dynamodb/beats";
import { detectorBankOn } from "@omoios/adapters/dynamodb/detector-bank";
import { receiverSlotsOn } from "@omoios/adapters/dynamodb/receiver-slots";
import { seriesOn } from "@omoios/adapters/dynamodb/series";
import { figuresOn, talliesOn } from "@omoios/adapters/dynamodb/tallies";
import { type DeliverParts, deliver, type Sender } from "@omoios/domain/alerting/deliver";
import { sendTest } from "@omoios/domain/alerting/receiver-test";
import { receiverVerbs } from "@omoios/domain/alerting/receivers";
import { routingOf } from "@omoios/domain/alerting/routing";
import { ruleService } from "@omoios/domain/alerting/rules/service";
import { alertingService } from "@omoios/domain/alerting/service";
import type { RequestContext } from "@omoios/domain/commit";
import { guardianService } from "@omoios/domain/guardian/service";
import { countedTries } from "@omoios/domain/monitor/figures/counted-tries";
import { embeddedLines } from "@omoios/domain/monitor/figures/embedded";
import { seriesService } from "@omoios/domain/monitor/series/service";
import { monitorService } from "@omoios/domain/monitor/service";
import { switchService } from "@omoios/domain/switches/service";
import { countDependents } from "@omoios/domain/tasks/count-dependents";
import { watchdogService } from "@omoios/domain/watchdog/service";
import type { Ground } from "./ground.ts";
import { handsOf } from "./hands.ts";
import type { Rooms } from "./rooms.ts";

const DAY_MS = 86_400_000;

export type WatchRooms = ReturnType<typeof watchRooms>;

/** The rooms that watch over the fleet's work, furnished over those in which it is done. */
export function watchRooms(ground: Ground, { parts, caches, known_phases, access, agents, operator }: Rooms) {
  const { tables, clock, limits, stage, figure_line } = ground;
  const { store, commit, timers, pulse } = parts;
  const routing = routingOf(ground.alert_routing, ground.lacks !== "deduplication");
  const alert_parts: DeliverParts = {
    store,
    commit,
    timers,
    log: countedTries(alertLogOn(tables), talliesOn(tables)),
    slots: receiverSlotsOn(tables),
    routing,
    external_url: ground.public_url ?? (() => ""),
    limits,
  };
  const { note_read } = caches;
  const switches = switchService({ store, commit, clock, note_read, limits });
  const alerting = alertingService(alert_parts);
  const rules = ruleService({
    store,
    commit,
    clock,
    note_read,
    files: ground.alert_rules.written,
    receivers: new Set(routing.receivers.keys()),
  });
  const judging = {
    store: seriesOn(tables, clock, limits.retention_days.samples * DAY_MS),
    rules,
    alerting,
    sleep: tables.sleep,
  };
  const sender = (): Sender => {
    if (ground.sender === undefined) throw new Error("This function has nothing to send notifications with");
    return ground.sender();
  };
  return {
    alerting,
    routing,
    receivers: receiverVerbs(alert_parts),
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
      caches: caches.take,
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
      switches,
      policies: ground.watchdog_policies,
      known_phases,
      limits,
    }),
    guardian: guardianService({
      ...parts,
      hands: handsOf({ access, agents, operator }),
      switches,
      policies: ground.guardian_policies,
    }),
    deliver: (ctx: RequestContext, delivery_id: string) => deliver(alert_parts, sender(), ctx, delivery_id),
    sendTest: (ctx: RequestContext, receiver: string) => sendTest(alert_parts, sender(), ctx, receiver),
  };
}
