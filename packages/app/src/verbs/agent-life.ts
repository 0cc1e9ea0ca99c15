import type { Agents } from "@omoios/domain/agents/service";
import type { Replays, Verbs } from "../verbs.ts";

type AgentLifeRoutes =
  | "patchAgent"
  | "listAgentHistory"
  | "getAgentHealth"
  | "getFleetHealth"
  | "searchAgents"
  | "sendAgentMessage"
  | "requestKeyRotation"
  | "restartAgent"
  | "quarantineAgent"
  | "releaseAgent";

/** What answers the routes of an agent's life. */
export function agentLifeVerbs(agents: Agents): Pick<Verbs, AgentLifeRoutes> {
  return {
    patchAgent: (ctx, { params, body }) => agents.patch(ctx, params.agent_id, body),
    listAgentHistory: (_ctx, { params, query }) => agents.history(params.agent_id, query),
    getAgentHealth: (ctx, { params }) => agents.health(params.agent_id, ctx.now),
    getFleetHealth: (ctx) => agents.fleetHealth(ctx.now),
    searchAgents: (_ctx, { query }) => agents.search(query),
    sendAgentMessage: (ctx, { body }) => agents.send(ctx, body),
    requestKeyRotation: (ctx, { params, body }) => agents.askForRotation(ctx, params.agent_id, body.reason),
    restartAgent: (ctx, { params, body }) => agents.restart(ctx, params.agent_id, body.reason),
    quarantineAgent: (ctx, { params, body }) => agents.quarantine(ctx, params.agent_id, body),
    releaseAgent: (ctx, { params, body }) => agents.release(ctx, params.agent_id, body.note),
  };
}

/** What repeated requests read again: the agent as it is now. */
export function agentLifeReplays(agents: Agents) {
  const again = async (_ctx: unknown, made: string) => {
    const { evidence: _evidence, archive: _archive, ...agent } = await agents.get(made);
    return agent;
  };
  return {
    sendAgentMessage: agents.sent,
    requestKeyRotation: again,
    restartAgent: again,
    quarantineAgent: again,
    releaseAgent: again,
    // Done again, since the first call may have died before it had voided the tokens; why is in the event of the first.
    recycleAgentToken: (ctx, made) => agents.recycle(ctx, made, ""),
  } satisfies Partial<Replays>;
}
