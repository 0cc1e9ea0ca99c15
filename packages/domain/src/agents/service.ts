import type { RouteInput, RouteReply } from "@omoios/contracts/routes";
import { type Instant, toRfc3339 } from "@omoios/kernel/clock";
import { type AgentId, isId } from "@omoios/kernel/ids";
import { expectAccepted } from "@omoios/kernel/outcome";
import { invariant, Problem } from "@omoios/kernel/problem";
import { type RequestContext, Stale } from "../commit.ts";
import { untilSettled } from "../decide.ts";
import { lapse, terminate, type WholeAgent } from "./ending.ts";
import { gapsBetween, type Heartbeat, readBeat } from "./heartbeat.ts";
import { keyVerbs } from "./key-verbs.ts";
import { type AgentProfileRow, type AgentRow, agentEnded, hasEnded, type Slot } from "./model.ts";
import type { AgentParts } from "./parts.ts";
import type { Registration } from "./pre-validation.ts";
import { register } from "./register.ts";
import { channelsOf, start } from "./registration.ts";
import { agentView, shownStatus, stepsView } from "./view.ts";

export type Agents = ReturnType<typeof agentsService>;

/** Agents: how they come, beat, are shown, and go. */
export function agentsService(parts: AgentParts) {
  return {
    register: (ctx: RequestContext, wanted: Registration, admit: () => Promise<void> = async () => undefined) =>
      register(parts, ctx, wanted, admit),
    heartbeat: (ctx: RequestContext, agent: AgentRow, body: Heartbeat) => heartbeat(parts, ctx, agent, body),
    due: (ctx: RequestContext, agent_id: string, due_at: Instant) => due(parts, ctx, agent_id, due_at),
    end: (ctx: RequestContext, agent_id: string, reason: string | undefined) => end(parts, ctx, agent_id, reason),
    list: (query: RouteInput<"listAgents">["query"]) => list(parts, query),
    ...keyVerbs(parts),

    async get(agent_id: string): Promise<RouteReply<"getAgent">> {
      const [{ agent, profile }, pulse] = await Promise.all([
        expectAgent(parts, agent_id),
        parts.pulse.get(agent_id as AgentId),
      ]);
      return agentView(agent, profile, pulse);
    },

    async registration(agent_id: string): Promise<RouteReply<"getAgentRegistration">> {
      const { profile } = await expectAgent(parts, agent_id);
      return {
        steps: stepsView(profile.steps),
        channels: channelsOf(profile),
        first_heartbeat_by: toRfc3339(profile.first_heartbeat_by),
      };
    },
  };
}

/**
 * Takes a beat of an agent whose row was read when it was authenticated; the first one completes its registration. Throws
 * `agent.checksum_mismatch`, `request.invalid` or `agent.ended`; none of them uses up the beat's number.
 */
async function heartbeat(
  parts: AgentParts,
  ctx: RequestContext,
  agent: AgentRow,
  body: Heartbeat,
): Promise<RouteReply<"heartbeat">> {
  const { beat, stop_tasks } = expectAccepted(readBeat(body, agent, ctx.now));
  if (agent.status === "SPAWNING") await complete(parts, ctx, agent);
  const { written, before } = await parts.pulse.beat(beat);
  // Without its row, or under another epoch, the agent has ended since its row was read.
  if (before === undefined || before.epoch !== beat.epoch) throw agentEnded({ status: "TERMINATED" });
  if (!written) await parts.pulse.replayed(agent.agent_id);
  return {
    received: written,
    ...(written ? {} : { replay: true }),
    sequence_number: beat.sequence,
    expected_next: Math.max(beat.sequence, before.sequence) + 1,
    gaps: written ? gapsBetween(before.sequence, beat.sequence) : [],
    time: toRfc3339(ctx.now),
    action: stop_tasks.length > 0 ? "stop" : "continue",
    stop_tasks,
    messages: [],
  };
}

/** Completes the registration. A first beat that comes twice at the same time completes it once. */
function complete(parts: AgentParts, ctx: RequestContext, known: AgentRow): Promise<void> {
  let read: AgentRow | undefined = known;
  return untilSettled(async () => {
    const agent = read ?? (await parts.store.get("agent", { agent_id: known.agent_id }));
    read = undefined;
    if (agent === undefined || hasEnded(agent)) throw agentEnded({ status: "TERMINATED" });
    if (agent.status !== "SPAWNING") return;
    const profile = await parts.store.get("agent_profile", { agent_id: agent.agent_id });
    invariant(profile !== undefined, `agent ${agent.agent_id} has a profile`);
    await parts.commit(ctx, expectAccepted(start(agent, profile, ctx.now)));
  });
}

/** What is due of an agent: its registration ends if no first heartbeat came. A message about another moment is over. */
async function due(parts: AgentParts, ctx: RequestContext, agent_id: string, due_at: Instant): Promise<void> {
  await untilSettled(async () => {
    const shown = await findAgent(parts, agent_id);
    if (shown === undefined || shown.agent.due_at !== due_at) return;
    const policy = { now: ctx.now, retention_days: parts.limits.retention_days.tasks };
    const changes = lapse(await withKey(parts, shown), policy);
    if (changes.length === 0) return;
    await parts.commit(ctx, changes);
    await parts.pulse.close(shown.agent.agent_id);
  });
}

/** Ends an agent at once, after its tasks went back to their lanes. Throws `agent.not_found`, or `agent.ended` where it has. */
function end(
  parts: AgentParts,
  ctx: RequestContext,
  agent_id: string,
  reason = "deregistered",
): Promise<RouteReply<"deleteAgent">> {
  return untilSettled(async () => {
    const shown = await withSlotsBack(parts, ctx, await expectAgent(parts, agent_id));
    const policy = { now: ctx.now, retention_days: parts.limits.retention_days.tasks };
    const changes = expectAccepted(terminate(await withKey(parts, shown), reason, policy));
    const [agent, profile] = await parts.commit(ctx, changes);
    await parts.pulse.close(shown.agent.agent_id);
    return agentView(agent as AgentRow, profile as AgentProfileRow, undefined);
  });
}

/** The agent once its tasks are in their lanes. One that took another task meanwhile is looked at again. */
async function withSlotsBack(parts: AgentParts, ctx: RequestContext, shown: ShownAgent): Promise<ShownAgent> {
  const slots = Object.values(shown.agent.slots);
  if (slots.length === 0) return shown;
  await parts.work.giveBack(ctx, slots);
  const now = await expectAgent(parts, shown.agent.agent_id);
  const given = (slot: Slot) => slots.some(({ task_id, fence }) => task_id === slot.task_id && fence === slot.fence);
  if (!Object.values(now.agent.slots).every(given)) throw new Stale(`agent ${now.agent.agent_id}`);
  return now;
}

async function list(
  { store, pulse }: AgentParts,
  { limit, cursor, status, phase_id }: RouteInput<"listAgents">["query"],
): Promise<RouteReply<"listAgents">> {
  const page = await store.list("agent_profile", "agents", { limit, cursor, newest_first: true });
  const keys = page.rows.map(({ agent_id }) => ({ agent_id }));
  const [agents, pulses] = await Promise.all([
    store.getMany("agent", keys),
    pulse.getMany(keys.map(({ agent_id }) => agent_id)),
  ]);
  const agentOf = new Map(agents.map((row) => [row.agent_id, row]));
  const pulseOf = new Map(pulses.map((row) => [row.agent_id, row]));
  const items = page.rows.flatMap((profile) => {
    const agent = agentOf.get(profile.agent_id);
    if (agent === undefined || (status !== undefined && shownStatus(agent) !== status)) return [];
    if (phase_id !== undefined && !profile.phase_ids.includes(phase_id)) return [];
    return [agentView(agent, profile, pulseOf.get(profile.agent_id))];
  });
  return { items, next_cursor: page.cursor ?? null };
}

type ShownAgent = Omit<WholeAgent, "key">;

async function findAgent({ store }: AgentParts, agent_id: string): Promise<ShownAgent | undefined> {
  if (!isId("agent", agent_id)) return undefined;
  const [agent, profile] = await Promise.all([
    store.get("agent", { agent_id }),
    store.get("agent_profile", { agent_id }),
  ]);
  return agent === undefined || profile === undefined ? undefined : { agent, profile };
}

async function expectAgent(parts: AgentParts, agent_id: string): Promise<ShownAgent> {
  const shown = await findAgent(parts, agent_id);
  if (shown === undefined) throw new Problem("agent.not_found");
  return shown;
}

async function withKey({ store }: AgentParts, shown: ShownAgent): Promise<WholeAgent> {
  const key = await store.get("agent_key", { key_id: shown.agent.key_id });
  // A retired key stays so when its agent ends.
  const held = key?.agent_id === shown.agent.agent_id && key.retired_at === undefined;
  return { ...shown, key: held ? key : undefined };
}
