import type { WatchRouteName } from "@omoios/contracts/routes";
import { alertRuleReplays, alertRuleVerbs } from "./verbs/alert-rules.ts";
import { alertReplays, alertVerbs } from "./verbs/alerts.ts";
import { guardianReplays, guardianVerbs } from "./verbs/guardian.ts";
import { monitorVerbs } from "./verbs/monitor.ts";
import { monitorViews } from "./verbs/monitor-views.ts";
import { receiverReplays, receiverVerbs } from "./verbs/receivers.ts";
import { watchdogReplays, watchdogVerbs } from "./verbs/watchdog.ts";
import type { Replays, Verbs } from "./verbs.ts";
import type { WatchRooms } from "./watch-rooms.ts";

/** Verbs of the routes of what watches over the work. */
export function watchVerbs(rooms: WatchRooms): Pick<Verbs, WatchRouteName> {
  return {
    ...monitorVerbs(rooms.series, rooms.monitor),
    ...monitorViews(rooms.monitor, rooms.alerting),
    ...alertVerbs(rooms.alerting),
    ...receiverVerbs(rooms.receivers, rooms.routing, rooms.rules),
    ...alertRuleVerbs(rooms.rules, rooms.series),
    ...watchdogVerbs(rooms.watchdog),
    ...guardianVerbs(rooms.guardian),
  };
}

/** What repeated requests to them read again. */
export function watchReplays(rooms: WatchRooms): Pick<Replays, WatchRouteName & keyof Replays> {
  return {
    ...alertReplays(rooms.alerting),
    ...receiverReplays(rooms.receivers),
    ...alertRuleReplays(rooms.rules),
    ...watchdogReplays(rooms.watchdog),
    ...guardianReplays(rooms.guardian),
  };
}
