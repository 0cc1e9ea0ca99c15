import type { RouteReply } from "@omoios/contracts/routes";
import { toRfc3339 } from "@omoios/kernel/clock";
import { isId } from "@omoios/kernel/ids";
import { expectAccepted } from "@omoios/kernel/outcome";
import { Problem } from "@omoios/kernel/problem";
import type { RequestContext } from "../commit.ts";
import { untilSettled } from "../decide.ts";
import { expectFree, keyOf } from "./key-holding.ts";
import { askForRotation, recycle, rotate } from "./keys.ts";
import { type AgentKeyRow, type AgentRow, agentEnded, hasEnded } from "./model.ts";
import type { AgentParts } from "./parts.ts";
import { keyFaults } from "./pre-validation.ts";
import { expectAgent } from "./reads.ts";
import { agentView } from "./view.ts";

/** What becomes of an agent's key while it lives. */
export function keyVerbs(parts: AgentParts) {
  return {
    rotateKey: (ctx: RequestContext, agent: AgentRow, public_x: string) => rotateKey(parts, ctx, agent, public_x),
    recycle: (ctx: RequestContext, agent_id: string, reason: string) => recycleToken(parts, ctx, agent_id, reason),
    askForRotation: (ctx: RequestContext, agent_id: string, reason: string) => requestKey(parts, ctx, agent_id, reason),
  };
}

/** Replaces the agent's key. Asked again with the same key, it answers the same. Throws `agent.key_in_use` or `agent.key_retired`. */
async function rotateKey(
  parts: AgentParts,
  ctx: RequestContext,
  known: AgentRow,
  public_x: string,
): Promise<RouteReply<"rotateAgentKey">> {
  const { store, limits } = parts;
  const faults = keyFaults(public_x);
  if (faults.length > 0) throw new Problem("request.invalid", { errors: faults });
  const next = keyOf(public_x);
  const policy = {
    now: ctx.now,
    retention_days: limits.retention_days.tasks,
    old_key_seconds: limits.old_key_seconds,
  };
  return untilSettled(async () => {
    const agent = await store.get("agent", { agent_id: known.agent_id });
    if (agent === undefined || hasEnded(agent)) throw agentEnded(agent ?? { status: "TERMINATED" });
    if (agent.epoch !== known.epoch) throw new Problem("auth.invalid", { detail: "The access token was revoked." });
    if (agent.key_id === next.key_id) {
      return { key_id: next.key_id, old_key_until: toRfc3339(agent.old_key?.until ?? ctx.now) };
    }
    const rows = { own: await heldRow(parts, agent), next: await store.get("agent_key", { key_id: next.key_id }) };
    const guards = await expectFree(store, rows.next);
    const [row] = await parts.commit(ctx, rotate(agent, next, rows, policy), { guards });
    return { key_id: next.key_id, old_key_until: toRfc3339((row as AgentRow).old_key?.until ?? ctx.now) };
  });
}

/** Orders a new key of an agent. Throws `agent.not_found`, or `agent.ended` where it has. */
function requestKey(
  parts: AgentParts,
  ctx: RequestContext,
  agent_id: string,
  reason: string,
): Promise<RouteReply<"requestKeyRotation">> {
  return untilSettled(async () => {
    const { agent, profile } = await expectAgent(parts, agent_id);
    const change = expectAccepted(askForRotation(agent, reason, ctx.now));
    const [row] = await parts.commit(ctx, [change], { made: agent.agent_id });
    return agentView(row as AgentRow, profile, await parts.pulse.get(agent.agent_id));
  });
}

/** Revokes an agent's keys, in its row and in its pulse. Throws `agent.not_found`, or `agent.ended` where it has. */
function recycleToken(
  parts: AgentParts,
  ctx: RequestContext,
  agent_id: string,
  reason: string,
): Promise<RouteReply<"recycleAgentToken">> {
  return untilSettled(async () => {
    if (!isId("agent", agent_id)) throw new Problem("agent.not_found");
    const [agent, profile] = await Promise.all([
      parts.store.get("agent", { agent_id }),
      parts.store.get("agent_profile", { agent_id }),
    ]);
    if (agent === undefined || profile === undefined) throw new Problem("agent.not_found");
    const policy = { now: ctx.now, retention_days: parts.limits.retention_days.tasks };
    const changes = expectAccepted(recycle(agent, await heldRow(parts, agent), reason, policy));
    const [row] = changes.length === 0 ? [agent] : await parts.commit(ctx, changes, { made: agent.agent_id });
    const after = row as AgentRow;
    // Also where it was done before: that call may have died here.
    await parts.pulse.raiseEpoch(agent_id, after.epoch);
    return agentView(after, profile, await parts.pulse.get(agent_id));
  });
}

/** The row of the agent's key, if it is still the agent's. */
async function heldRow({ store }: AgentParts, { agent_id, key_id }: AgentRow): Promise<AgentKeyRow | undefined> {
  const row = await store.get("agent_key", { key_id });
  return row?.agent_id === agent_id ? row : undefined;
}
