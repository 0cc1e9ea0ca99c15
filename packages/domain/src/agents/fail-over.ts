import { expectAccepted } from "@omoios/kernel/outcome";
import type { EventDraft, RequestContext } from "../commit.ts";
import { untilSettled } from "../decide.ts";
import { emptySlots, failedAgent, leaveFailed } from "./failing.ts";
import type { Rung } from "./ladder.ts";
import { type AgentRow, hasEnded } from "./model.ts";
import type { AgentParts } from "./parts.ts";
import { expectAgent } from "./reads.ts";
import { changeStatus, shownStatus } from "./status.ts";

/**
 * Takes an agent for lost: it has failed, its tasks go back to their lanes, and a replacement is asked for. Of one that is in quarantine
 * or has ended only the replacement is asked for. The same `asked_by` asks once. Throws `agent.not_found`.
 */
export async function failOver(
  parts: AgentParts,
  ctx: RequestContext,
  agent_id: string,
  { reason, asked_by }: { reason: string; asked_by: string },
): Promise<void> {
  await fail(parts, ctx, agent_id, reason);
  await untilSettled(async () => {
    const { agent, profile: before } = await expectAgent(parts, agent_id);
    if (before.replacement_asked_by === asked_by) return;
    const after = { ...before, updated_at: ctx.now, replacement_asked_by: asked_by };
    const { agent_name, agent_type, status } = agent;
    const data = { agent_name, agent_type, status };
    const events = [{ type: "agent.replacement_requested" as const, data }];
    await parts.commit(ctx, [{ kind: "agent_profile", before, after, events }]);
  });
}

async function fail(parts: AgentParts, ctx: RequestContext, agent_id: string, reason: string): Promise<void> {
  const agent = await untilSettled(async () => {
    const { agent: before, profile } = await expectAgent(parts, agent_id);
    const rung = failed(before, reason);
    if (rung === undefined) return before;
    const changes = failedAgent({ before, ...rung }, profile, ctx.now, parts.limits.retention_days.tasks);
    const [row] = await parts.commit(ctx, changes);
    return row as AgentRow;
  });
  // Also where it was done before: that call may have died here.
  if (agent.status === "FAILED") await leaveFailed(parts, ctx, agent);
}

/** The agent as one that has failed; nothing for one that may not work any more. An idle one is degraded on its way there. */
function failed(agent: AgentRow, why: string): Rung | undefined {
  if (agent.status === "SPAWNING" || agent.status === "QUARANTINED" || hasEnded(agent)) return undefined;
  const events: EventDraft[] = [];
  let after = agent;
  const idle = shownStatus(agent) === "IDLE";
  for (const to of idle ? (["DEGRADED", "FAILED"] as const) : (["FAILED"] as const)) {
    const changed = expectAccepted(changeStatus(after, { to, why }));
    after = changed.after;
    events.push(changed.event);
  }
  return { after, events };
}

/** Puts what an agent holds back into its lanes; one that goes on is told to stop it. Tells how many tasks it were. Throws `agent.not_found`. */
export async function requeue(parts: AgentParts, ctx: RequestContext, agent_id: string, why: string): Promise<number> {
  const { agent } = await expectAgent(parts, agent_id);
  const slots = Object.values(agent.slots);
  if (slots.length === 0) return 0;
  if (hasEnded(agent) || agent.status === "QUARANTINED") await emptySlots(parts, ctx, agent, why);
  else await parts.work.takeBack(ctx, agent.agent_id, slots, why);
  return slots.length;
}
