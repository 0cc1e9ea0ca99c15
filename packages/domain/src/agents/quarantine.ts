import type { RouteReply } from "@omoios/contracts/routes";
import { expectAccepted } from "@omoios/kernel/outcome";
import { hasAuthority } from "@omoios/kernel/principal";
import { Problem } from "@omoios/kernel/problem";
import { alone, type Beside, type Change, type RequestContext } from "../commit.ts";
import { untilSettled } from "../decide.ts";
import { expiryInDays } from "../expiry.ts";
import { replacementFor } from "./ending.ts";
import { evidenceOf } from "./evidence.ts";
import { dueWithSlots, emptySlots } from "./failing.ts";
import { type AgentRow, agentEnded, hasEnded, type StoredAgentStatus } from "./model.ts";
import type { AgentParts } from "./parts.ts";
import { expectAgent, withKey } from "./reads.ts";
import { changeStatus } from "./status.ts";
import { agentView } from "./view.ts";

/**
 * Keeps an agent from work: its tasks go back to their lanes, and what is known of it is kept. By force also where the table of states
 * has no such change, and with `replace` another one is asked for. Throws `agent.ended`, `agent.status_refused` or `auth.authority_too_low`.
 */
export async function quarantine(
  parts: AgentParts,
  ctx: RequestContext,
  agent_id: string,
  { reason, force = false, replace = false }: { reason: string; force?: boolean | undefined; replace?: boolean },
  beside: Beside<AgentRow> = alone(agent_id),
): Promise<RouteReply<"quarantineAgent">> {
  if (force && !hasAuthority(ctx.actor, "GUARDIAN")) {
    throw new Problem("auth.authority_too_low", { detail: "A change by force needs the authority GUARDIAN." });
  }
  const quarantined = await untilSettled(async () => {
    const { agent: before, profile } = await expectAgent(parts, agent_id);
    if (before.status === "TERMINATED") throw agentEnded(before);
    const { after, event } = expectAccepted(changeStatus(before, { to: "QUARANTINED", why: reason, forced: force }));
    const known = await parts.store.get("agent_evidence", { agent_id: before.agent_id });
    const evidence = { ...(await evidenceOf(parts, ctx, before)), version: known?.version ?? 0 };
    const standing = { leaving: undefined, ttl: undefined, due_at: dueWithSlots(before, ctx.now) };
    const next = { ...after, ...standing };
    const { changes: more, made } = await beside(before, next);
    const changes: Change[] = [
      { kind: "agent", before, after: next, events: [event] },
      {
        kind: "agent_profile",
        before: profile,
        after: { ...profile, updated_at: ctx.now, ttl: undefined },
        events: replace ? [replacementFor(before, "QUARANTINED")] : [],
      },
      { kind: "agent_evidence", ...(known === undefined ? {} : { before: known }), after: evidence },
    ];
    const [row] = await parts.commit(ctx, [...changes, ...more], { made });
    return row as AgentRow;
  });
  await emptySlots(parts, ctx, quarantined, "Its agent is in quarantine");
  return shown(parts, agent_id);
}

/** Lets an agent out of quarantine on probation. Throws `agent.ended` or `agent.status_refused`. */
export function release(
  parts: AgentParts,
  ctx: RequestContext,
  agent_id: string,
  note: string,
  beside: Beside<AgentRow> = alone(agent_id),
): Promise<RouteReply<"releaseAgent">> {
  return leaveQuarantine(parts, ctx, agent_id, { status: "IDLE", why: note, probe: true }, beside);
}

/** What an agent is once its quarantine is over. */
export interface AgentStanding {
  status: StoredAgentStatus;
  why?: string | undefined;
  probe?: true | undefined;
}

/** Lets an agent out of quarantine; by force into a status that the table does not lead to. Throws as `release` does. */
export async function leaveQuarantine(
  parts: AgentParts,
  ctx: RequestContext,
  agent_id: string,
  to: AgentStanding,
  beside: Beside<AgentRow>,
): Promise<RouteReply<"releaseAgent">> {
  await untilSettled(async () => {
    const { agent: before, profile, key } = await withKey(parts, await expectAgent(parts, agent_id));
    if (before.status === "TERMINATED") throw agentEnded(before);
    if (before.status !== "QUARANTINED") {
      throw new Problem("agent.status_refused", { detail: `The agent is ${before.status}, and not in quarantine.` });
    }
    const forced = to.status !== "IDLE";
    const { after, event } = expectAccepted(changeStatus(before, { to: to.status, why: to.why ?? "", forced }));
    const next: AgentRow = { ...after, why: to.why, probe: to.probe };
    if (hasEnded(next)) {
      const ttl = expiryInDays(ctx.now, parts.limits.retention_days.tasks);
      const failed = { ...next, ttl };
      const { changes, made } = await beside(before, failed);
      const gone: Change = { kind: "agent_profile", before: profile, after: { ...profile, updated_at: ctx.now, ttl } };
      await parts.commit(ctx, [{ kind: "agent", before, after: failed, events: [event] }, gone, ...changes], { made });
      return;
    }
    if (key === undefined) {
      // A failed agent's key may be taken over, and no two agents live under one.
      throw new Problem("agent.status_refused", { detail: "Its key is not its own any more. Register it again." });
    }
    // Its class may have been retired since the agent was taken from it.
    const class_id = await parts.work.ensureClass(ctx, profile.phase_ids, profile.capabilities);
    const free: AgentRow = { ...next, class_id, silence: undefined };
    const { changes, made } = await beside(before, free);
    await openAgain(parts, ctx, before);
    const guards = [{ kind: "agent_key" as const, row: key }];
    await parts.commit(ctx, [{ kind: "agent", before, after: free, events: [event] }, ...changes], { guards, made });
  });
  return shown(parts, agent_id);
}

/** An agent that had failed has no pulse: it beats on after its last number. */
async function openAgain({ pulse }: AgentParts, ctx: RequestContext, agent: AgentRow): Promise<void> {
  if ((await pulse.get(agent.agent_id)) !== undefined) return;
  await pulse.open({
    agent_id: agent.agent_id,
    epoch: agent.epoch,
    sequence: agent.silence?.sequence ?? 0,
    mail_last: agent.silence?.mail_last,
    beat_at: ctx.now,
    status: "IDLE",
    task_ids: [],
    left_out: {},
    health: {},
    replays: 0,
  });
}

async function shown(parts: AgentParts, agent_id: string): Promise<RouteReply<"releaseAgent">> {
  const { agent, profile } = await expectAgent(parts, agent_id);
  return agentView(agent, profile, await parts.pulse.get(agent.agent_id));
}
