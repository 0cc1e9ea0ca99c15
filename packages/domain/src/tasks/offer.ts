import { freeSlots } from "../agents/acting.ts";
import { type AgentRow, type DeliveryRow, hasEnded } from "../agents/model.ts";
import { pushedTo } from "../agents/pushed.ts";
import type { RequestContext } from "../commit.ts";
import { unlessStale } from "../decide.ts";
import { type AssignParts, assign, avoids, letPass } from "./assign.ts";
import { openLanesOf } from "./open-lanes.ts";
import type { TaskParts } from "./parts.ts";
import { lanesToTry } from "./pick.ts";
import { withDeadSlotsFree } from "./slots.ts";

type Parts = TaskParts & AssignParts;

/**
 * Pushes to agents what is ready for them and nobody has pushed: they were busy when it became ready, or the hint was lost. It stands
 * behind every dispatch. Rows of agents that have ended go.
 */
export async function offerAll(parts: Parts, ctx: RequestContext): Promise<void> {
  const deliveries = await pushedTo(parts);
  if (deliveries.length === 0 || (await parts.isPaused())) return;
  const agents = await parts.store.getMany(
    "agent",
    deliveries.map(({ agent_id }) => ({ agent_id })),
  );
  const agentOf = new Map(agents.map((agent) => [agent.agent_id, agent]));
  for (const delivery of deliveries) {
    const agent = agentOf.get(delivery.agent_id);
    if (agent === undefined || hasEnded(agent)) await forget(parts, ctx, delivery);
    else await offer(parts, ctx, agent, delivery);
  }
}

/** Pushes to the agent what it has room for. */
export async function offer(parts: Parts, ctx: RequestContext, given: AgentRow, delivery: DeliveryRow): Promise<void> {
  let agent = await withDeadSlotsFree(parts, given, ctx.now);
  for (let room = freeSlots(agent).length; room > 0; room--) {
    const took = await offerOne(parts, ctx, agent, delivery);
    if (!took) return;
    agent = (await parts.store.get("agent", { agent_id: agent.agent_id })) ?? agent;
  }
}

async function offerOne(parts: Parts, ctx: RequestContext, agent: AgentRow, delivery: DeliveryRow): Promise<boolean> {
  const { limits } = parts;
  const pairs = await openLanesOf(parts, agent.class_id);
  const hints = await parts.workHints.of(pairs.map(({ lane }) => lane));
  const { claim_lanes: most, claim_random_lane_one_in: one_in } = limits;
  for (const lane of lanesToTry(pairs, hints, { most, one_in, random: ctx.random })) {
    const page = await parts.lanes.page(lane, limits.claim_page);
    const asked = page.filter(({ task_id }) => !letPass(agent, task_id, ctx, limits));
    const entry = asked.find(({ task_id }) => !avoids(agent, task_id, ctx, limits)) ?? asked[0];
    if (entry !== undefined && (await assign(parts, ctx, agent, delivery, entry)) !== undefined) return true;
  }
  return false;
}

async function forget({ commit }: Parts, ctx: RequestContext, delivery: DeliveryRow): Promise<void> {
  // Where it is stale it is gone already.
  await unlessStale(() => commit(ctx, [{ kind: "agent_delivery", before: delivery }]));
}
