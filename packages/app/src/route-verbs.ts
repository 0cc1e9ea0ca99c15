import packageJson from "../package.json" with { type: "json" };
import type { Rooms } from "./rooms.ts";
import { accessReplays, accessVerbs } from "./verbs/access.ts";
import { agentLifeReplays, agentLifeVerbs } from "./verbs/agent-life.ts";
import { agentVerbs } from "./verbs/agents.ts";
import { alertRuleReplays, alertRuleVerbs } from "./verbs/alert-rules.ts";
import { alertReplays, alertVerbs } from "./verbs/alerts.ts";
import { auditVerbs } from "./verbs/audit.ts";
import { guardianReplays, guardianVerbs } from "./verbs/guardian.ts";
import { monitorVerbs } from "./verbs/monitor.ts";
import { monitorViews } from "./verbs/monitor-views.ts";
import { taskReplays, taskRouteVerbs } from "./verbs/tasks.ts";
import { ticketReplays, ticketRouteVerbs } from "./verbs/tickets.ts";
import { watchdogReplays, watchdogVerbs } from "./verbs/watchdog.ts";
import type { Replays, Verbs } from "./verbs.ts";

/** One verb for each route of the table. */
export function allVerbs(rooms: Rooms): Verbs {
  return {
    ...ticketRouteVerbs({
      parts: rooms.parts,
      tickets: rooms.tickets,
      queries: rooms.ticketQueries,
      tasks: rooms.queries,
    }),
    ...taskRouteVerbs(rooms),
    ...agentVerbs(rooms.agents, rooms.access),
    ...agentLifeVerbs(rooms.agents),
    ...accessVerbs(rooms.access),
    ...monitorVerbs(rooms.series),
    ...monitorViews(rooms.monitor, rooms.alerting),
    ...alertVerbs(rooms.alerting),
    ...alertRuleVerbs(rooms.rules, rooms.series),
    ...watchdogVerbs(rooms.watchdog),
    ...guardianVerbs(rooms.guardian),
    ...auditVerbs(rooms.audit),
    health: async () => ({ status: "ok", stage: rooms.stage, version: packageJson.version }),
    async listEvents(ctx, { query }) {
      const { limit, after, subject, type } = query;
      if (subject !== undefined) {
        const { rows, cursor } = await rooms.log.ofSubject(subject, { limit, cursor: after });
        return {
          items: rows.filter((event) => type === undefined || event.type === type),
          next_cursor: cursor ?? null,
        };
      }
      const { rows, cursor } = await rooms.log.after(after, limit, ctx.now);
      return { items: rows.filter((event) => type === undefined || event.type === type), next_cursor: cursor };
    },
  };
}

/** What repeated requests read again. */
export function allReplays(rooms: Rooms): Replays {
  return {
    ...ticketReplays({
      parts: rooms.parts,
      tickets: rooms.tickets,
      queries: rooms.ticketQueries,
      tasks: rooms.queries,
    }),
    ...taskReplays(rooms),
    ...agentLifeReplays(rooms.agents),
    ...alertReplays(rooms.alerting),
    ...alertRuleReplays(rooms.rules),
    ...watchdogReplays(rooms.watchdog),
    ...guardianReplays(rooms.guardian),
    ...accessReplays(rooms.access),
  };
}
