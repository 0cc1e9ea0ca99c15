import type { Principal } from "@omoios/domain/access/principal";
import type { Access } from "@omoios/domain/access/service";
import type { Agents } from "@omoios/domain/agents/service";
import type { AgentId } from "@omoios/kernel/ids";
import { invariant } from "@omoios/kernel/problem";
import type { CallContext, Verbs } from "../verbs.ts";

type AgentRoutes =
  | "registerAgent"
  | "heartbeat"
  | "buyToken"
  | "rotateAgentKey"
  | "recycleAgentToken"
  | "listAgents"
  | "getAgent"
  | "getAgentRegistration"
  | "deleteAgent";

/** What answers the routes of agents. */
export function agentVerbs(agents: Agents, access: Access): Pick<Verbs, AgentRoutes> {
  return {
    registerAgent: (ctx, { body }) => agents.register(ctx, body, () => access.spendRegistration(ctx.principal)),
    heartbeat: (ctx, { body }) => agents.heartbeat(ctx, actingAgent(ctx).agent, body),
    buyToken: (ctx, { params, body }) => access.buyToken(ctx, params.agent_id as AgentId, body.assertion),
    rotateAgentKey: (ctx, { body }) => agents.rotateKey(ctx, actingAgent(ctx).agent, body.public_key.x),
    recycleAgentToken: (ctx, { params, body }) => agents.recycle(ctx, params.agent_id, body.reason),
    async listAgents(ctx, { query }) {
      if (ctx.principal?.kind !== "agent") return agents.list(query);
      return { items: [await agents.get(ctx.principal.agent_id)], next_cursor: null };
    },
    getAgent: (_ctx, { params }) => agents.get(params.agent_id),
    getAgentRegistration: (_ctx, { params }) => agents.registration(params.agent_id),
    deleteAgent: (ctx, { params, body }) => agents.end(ctx, params.agent_id, body?.reason),
  };
}

/** The agent that calls, with its row as authentication read it; for routes that agents alone may call. */
export function actingAgent({ principal }: CallContext): Extract<Principal, { kind: "agent" }> {
  invariant(principal?.kind === "agent", "the route takes agents only");
  return principal;
}
