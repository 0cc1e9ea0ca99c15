import type { WatchRouteName } from "@omoios/contracts/routes";
import packageJson from "../package.json" with { type: "json" };
import type { Rooms } from "./rooms.ts";
import { accessReplays, accessVerbs } from "./verbs/access.ts";
import { agentLifeReplays, agentLifeVerbs } from "./verbs/agent-life.ts";
import { agentVerbs } from "./verbs/agents.ts";
import { auditVerbs } from "./verbs/audit.ts";
import { eventVerbs } from "./verbs/events.ts";
import { taskReplays, taskRouteVerbs } from "./verbs/tasks.ts";
import { ticketReplays, ticketRouteVerbs } from "./verbs/tickets.ts";
import { workflowVerbs } from "./verbs/workflows.ts";
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
    ...workflowVerbs({ workflows: rooms.parts.workflows, workflow_texts: rooms.workflow_texts }),
    ...taskRouteVerbs(rooms),
    ...agentVerbs(rooms.agents, rooms.access),
    ...agentLifeVerbs(rooms.agents),
    ...accessVerbs(rooms.access),
    ...auditVerbs(rooms.audit),
    ...eventVerbs(rooms.log),
    health: async () => ({ status: "ok", stage: rooms.stage, version: packageJson.version }),
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
