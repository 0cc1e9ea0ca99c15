import type { Envelope } from "@omoios/contracts/events";
import type { WatchRouteName } from "@omoios/contracts/routes";
import packageJson from "../package.json" with { type: "json" };
import type { Rooms } from "./rooms.ts";
import { accessReplays, accessVerbs } from "./verbs/access.ts";
import { agentLifeReplays, agentLifeVerbs } from "./verbs/agent-life.ts";
import { agentVerbs } from "./verbs/agents.ts";
import { auditVerbs } from "./verbs/audit.ts";
import { taskReplays, taskRouteVerbs } from "./verbs/tasks.ts";
import { ticketReplays, ticketRouteVerbs } from "./verbs/tickets.ts";
import type { Replays, Verbs } from "./verbs.ts";

/** Verbs of the routes by which the fleet's work is done. */
export function workVerbs(rooms: Rooms): Omit<Verbs, WatchRouteName> {
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
    ...auditVerbs(rooms.audit),
    health: async () => ({ status: "ok", stage: rooms.stage, version: packageJson.version }),
    async listEvents(ctx, { query }) {
      const { limit, after, from, subject, type } = query;
      const since = from === undefined ? undefined : Date.parse(from);
      const wanted = (event: Envelope) =>
        (type ?? event.type) === event.type && (since === undefined || Date.parse(event.time) >= since);
      if (subject !== undefined) {
        const { rows, cursor } = await rooms.log.ofSubject(subject, { limit, cursor: after });
        return { items: rows.filter(wanted), next_cursor: cursor ?? null };
      }
      const begin = after ?? (since === undefined ? undefined : rooms.log.cursorAt(since));
      const { rows, cursor } = await rooms.log.after(begin, limit, ctx.now);
      return { items: rows.filter(wanted), next_cursor: cursor };
    },
  };
}

/** What repeated requests to them read again. */
export function workReplays(rooms: Rooms): Omit<Replays, WatchRouteName> {
  return {
    ...ticketReplays({
      parts: rooms.parts,
      tickets: rooms.tickets,
      queries: rooms.ticketQueries,
      tasks: rooms.queries,
    }),
    ...taskReplays(rooms),
    ...agentLifeReplays(rooms.agents),
    ...accessReplays(rooms.access),
  };
}
