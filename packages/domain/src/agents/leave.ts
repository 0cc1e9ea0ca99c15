import type { RouteReply } from "@omoios/contracts/routes";
import type { Instant } from "@omoios/kernel/clock";
import { expectAccepted } from "@omoios/kernel/outcome";
import { Problem } from "@omoios/kernel/problem";
import { type EventDraft, type RequestContext, Stale } from "../commit.ts";
import { untilSettled } from "../decide.ts";
import { terminate } from "./ending.ts";
import type { Leaving } from "./life-rows.ts";
import { type AgentProfileRow, type AgentRow, agentEnded, type Slot } from "./model.ts";
import type { AgentParts } from "./parts.ts";
import { expectAgent, lineOf, type ShownAgent, withKey } from "./reads.ts";
import { isToEscalate, judgeRestart } from "./restart.ts";
import { agentView } from "./view.ts";

type View = RouteReply<"restartAgent">;

/**
 * Restarts an agent: it is told to stop by its next beat, ended when its time is over, and a replacement is asked for. One that does
 * not work is ended at once. Throws `agent.ended`, `agent.leaving`, `agent.restart_cooldown` or `agent.restart_limit`.
 */
export async function restart(parts: AgentParts, ctx: RequestContext, agent_id: string, why: string): Promise<View> {
  return untilSettled(async () => {
    const shown = await expectAgent(parts, agent_id);
    const { agent } = shown;
    if (agent.status === "TERMINATED") throw agentEnded(agent);
    await expectRestartable(parts, ctx, shown);
    if (agent.leaving !== undefined) throw new Problem("agent.leaving");
    const works = agent.status === "IDLE" || agent.status === "DEGRADED";
    const grace = works ? parts.limits.restart_grace_seconds : 0;
    const until = ctx.now + grace * 1000;
    const leaving: Leaving = { how: "restart", why, since: ctx.now, until };
    const told = await tell(parts, ctx, shown, leaving, { events: [asked(leaving)], restarted_at: ctx.now });
    return works ? told : finish(parts, ctx, agent_id);
  });
}

/** Ends an agent: at once, or where tasks are leased to it, when it has finished them or handed them back. Throws `agent.not_found`, or `agent.ended` where it has. */
export async function deregister(
  parts: AgentParts,
  ctx: RequestContext,
  agent_id: string,
  why = "deregistered",
): Promise<View> {
  return untilSettled(async () => {
    const shown = await expectAgent(parts, agent_id);
    const { agent, profile } = shown;
    if (agent.status === "TERMINATED") throw agentEnded(agent);
    if ((await parts.work.leased(agent)).length === 0) return finish(parts, ctx, agent_id, why);
    if (agent.leaving !== undefined) return agentView(agent, profile, await parts.pulse.get(agent.agent_id));
    const until = ctx.now + parts.limits.leave_seconds.grace * 1000;
    const leaving: Leaving = { how: "deregistration", why, since: ctx.now, until };
    return tell(parts, ctx, shown, leaving, { events: [asked(leaving)] });
  });
}

/** The time of an agent that leaves is over: it is ended. One that deregisters and still holds a task has a little longer. */
export async function leaveIsDue(
  parts: AgentParts,
  ctx: RequestContext,
  { agent, profile }: ShownAgent,
): Promise<void> {
  const { leaving } = agent;
  if (leaving === undefined || leaving.until > ctx.now) return;
  const forced_at = leaving.since + parts.limits.leave_seconds.forced * 1000;
  const stays = leaving.how === "deregistration" && ctx.now < forced_at && (await parts.work.leased(agent)).length > 0;
  if (stays) await tell(parts, ctx, { agent, profile }, { ...leaving, until: forced_at });
  else await finish(parts, ctx, agent.agent_id);
}

/** Who asked for it and why, which the end of the agent, by the clock, does not tell. */
const asked = ({ how, why }: Leaving): EventDraft => ({
  type: "agent.leave_requested",
  data: { how, why },
  fits: "why",
});

async function tell(
  parts: AgentParts,
  ctx: RequestContext,
  { agent: before, profile }: ShownAgent,
  leaving: Leaving,
  { events = [], ...more }: { events?: readonly EventDraft[]; restarted_at?: Instant } = {},
): Promise<View> {
  const after = { ...before, ...more, leaving, due_at: leaving.until };
  const [row] = await parts.commit(ctx, [{ kind: "agent", before, after, events }], { made: before.agent_id });
  await parts.timers.set([{ kind: "agent", id: before.agent_id, due_at: leaving.until }], ctx.now);
  return agentView(row as AgentRow, profile, await parts.pulse.get(before.agent_id));
}

/** Ends an agent after its tasks went back to their lanes. */
function finish(parts: AgentParts, ctx: RequestContext, agent_id: string, why?: string): Promise<View> {
  return untilSettled(async () => {
    const found = await expectAgent(parts, agent_id);
    // Its time may be over at once, and a timer was faster: it is what was asked for.
    if (found.agent.status === "TERMINATED") return agentView(found.agent, found.profile, undefined);
    const shown = await withSlotsBack(parts, ctx, found);
    const { leaving } = shown.agent;
    const said = leaving === undefined ? (why ?? "deregistered") : `${leaving.how}: ${leaving.why}`;
    const policy = {
      now: ctx.now,
      retention_days: parts.limits.retention_days.tasks,
      restarts_before: (await restartsBefore(parts, shown)).length,
    };
    const changes = expectAccepted(terminate(await withKey(parts, shown), said, policy));
    const [agent, profile] = await parts.commit(ctx, changes);
    await parts.pulse.close(shown.agent.agent_id);
    return agentView(agent as AgentRow, profile as AgentProfileRow, undefined);
  });
}

/** The agent once its tasks are in their lanes. One that took another task meanwhile is looked at again. */
async function withSlotsBack(parts: AgentParts, ctx: RequestContext, shown: ShownAgent): Promise<ShownAgent> {
  const slots = Object.values(shown.agent.slots);
  if (slots.length === 0) return shown;
  await parts.work.giveBack(ctx, slots, "Its agent has ended");
  const now = await expectAgent(parts, shown.agent.agent_id);
  const given = (slot: Slot) => slots.some(({ task_id, fence }) => task_id === slot.task_id && fence === slot.fence);
  if (!Object.values(now.agent.slots).every(given)) throw new Stale(`agent ${now.agent.agent_id}`);
  return now;
}

async function restartsBefore(parts: AgentParts, { profile }: ShownAgent): Promise<Instant[]> {
  const moments: Instant[] = [];
  for await (const { agent } of lineOf(parts, profile)) {
    if (agent.restarted_at !== undefined) moments.push(agent.restarted_at);
  }
  return moments;
}

/** Throws where the line was restarted too often or just now; of the former the guardian is told. */
async function expectRestartable(parts: AgentParts, ctx: RequestContext, shown: ShownAgent): Promise<void> {
  const own = shown.agent.restarted_at;
  const moments = [...(own === undefined ? [] : [own]), ...(await restartsBefore(parts, shown))];
  const outcome = judgeRestart(moments, ctx.now, parts.limits);
  if (outcome.accepted) return;
  if (outcome.problem.code === "agent.restart_limit" && isToEscalate(shown.agent.escalated_at, ctx.now)) {
    const data = { agent_id: shown.agent.agent_id, to: "guardian", why: "restarted too often within the hour" };
    const after = { ...shown.agent, escalated_at: ctx.now };
    const events = [{ type: "watchdog.escalation" as const, data }];
    await parts.commit(ctx, [{ kind: "agent", before: shown.agent, after, events }]);
  }
  throw outcome.problem;
}
