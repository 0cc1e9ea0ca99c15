import type { RouteInput, RouteReply } from "@omoios/contracts/routes";
import { type Instant, toRfc3339 } from "@omoios/kernel/clock";
import type { AgentId } from "@omoios/kernel/ids";
import type { Outcome } from "@omoios/kernel/outcome";
import type { Beside, RequestContext } from "../commit.ts";
import type { Parts } from "../config/well-formed.ts";
import { untilSettled } from "../decide.ts";
import { lapse } from "./ending.ts";
import { archiveView, evidenceView } from "./evidence.ts";
import { failOver, requeue } from "./fail-over.ts";
import { emptySlots, leaveFailed } from "./failing.ts";
import { type FleetAgent, fleetOf } from "./fleet.ts";
import { agentHealth, fleetHealth } from "./health.ts";
import type { Heartbeat } from "./heartbeat.ts";
import { history } from "./history.ts";
import { keyVerbs } from "./key-verbs.ts";
import { deregister, leaveIsDue, restart } from "./leave.ts";
import type { AgentRow } from "./model.ts";
import { changeCapacities, type Pair } from "./move-capacity.ts";
import type { AgentParts } from "./parts.ts";
import { type Patch, patch, phaseFaults } from "./patch.ts";
import type { Registration } from "./pre-validation.ts";
import { type AgentStanding, leaveQuarantine, quarantine, release } from "./quarantine.ts";
import { lettersOn, mailOfClaim } from "./read-mail.ts";
import { expectAgent, findAgent, lineStart, withKey } from "./reads.ts";
import { heartbeat } from "./receive-beat.ts";
import { register, registrationFaults } from "./register.ts";
import { channelsOf } from "./registration.ts";
import { search } from "./search.ts";
import { messageVerbs } from "./send-message.ts";
import { shownStatus } from "./status.ts";
import { agentView, stepsView } from "./view.ts";
import { watchAgain, watchBeats } from "./watch.ts";

export type Agents = ReturnType<typeof agentsService>;

/** Agents: how they come, beat, are shown, and go. */
export function agentsService(parts: AgentParts) {
  const read = lettersOn(parts.store);
  return {
    register: (ctx: RequestContext, wanted: Registration, admit: () => Promise<void> = async () => undefined) =>
      register(parts, ctx, wanted, admit),
    registrationFaults: (wanted: Parts<Registration>) => registrationFaults(parts, wanted),
    patchFaults: (wanted: Parts<Patch>) => phaseFaults(undefined, wanted, parts.known_phases),
    heartbeat: (ctx: RequestContext, agent: AgentRow, body: Heartbeat) => heartbeat(parts, read, ctx, agent, body),
    /** The messages for a claim's answer. */
    mail: (ctx: RequestContext, agent: AgentRow, acked: number | undefined) =>
      mailOfClaim(parts, read, agent, acked, ctx.now),
    due: (ctx: RequestContext, agent_id: string, due_at: Instant) => due(parts, ctx, agent_id, due_at),
    end: (ctx: RequestContext, agent_id: string, reason: string | undefined) =>
      deregister(parts, ctx, agent_id, reason),
    restart: (ctx: RequestContext, agent_id: string, reason: string) => restart(parts, ctx, agent_id, reason),
    quarantine: (
      ctx: RequestContext,
      agent_id: string,
      body: RouteInput<"quarantineAgent">["body"],
      beside?: Beside<AgentRow>,
    ) => quarantine(parts, ctx, agent_id, body, beside),
    release: (ctx: RequestContext, agent_id: string, note: string, beside?: Beside<AgentRow>) =>
      release(parts, ctx, agent_id, note, beside),
    leaveQuarantine: (ctx: RequestContext, agent_id: string, to: AgentStanding, beside: Beside<AgentRow>) =>
      leaveQuarantine(parts, ctx, agent_id, to, beside),
    changeCapacities: (
      ctx: RequestContext,
      of: { giver_id: string; taker_id: string },
      decide: (pair: Pair) => Outcome<Pair>,
      beside: Beside<Pair>,
    ) => changeCapacities(parts, ctx, of, decide, beside),
    /** The same by the plane itself, which then wants another one in its place. */
    async isolate(ctx: RequestContext, agent_id: string, reason: string): Promise<void> {
      await quarantine(parts, ctx, agent_id, { reason, replace: true });
    },
    requeue: (ctx: RequestContext, agent_id: string, reason: string) => requeue(parts, ctx, agent_id, reason),
    failOver: (ctx: RequestContext, agent_id: string, wanted: { reason: string; asked_by: string }) =>
      failOver(parts, ctx, agent_id, wanted),
    /** The first agent of a line, by its id: itself where it replaces none. */
    lineStart: (agent_id: string) => lineStart(parts, agent_id),
    patch: (ctx: RequestContext, agent_id: string, body: RouteInput<"patchAgent">["body"]) =>
      patch(parts, ctx, agent_id, body),
    history: (agent_id: string, query: RouteInput<"listAgentHistory">["query"]) => history(parts, agent_id, query),
    health: (agent_id: string, now: Instant) => agentHealth(parts, agent_id, now),
    fleetHealth: (now: Instant) => fleetHealth(parts, now),
    search: (query: RouteInput<"searchAgents">["query"]) => search(parts, query),
    /** Judges the beats, and gives the fleet that it saw. */
    async watchBeats(ctx: RequestContext): Promise<FleetAgent[]> {
      return fleetOf(parts, await watchBeats(parts, ctx));
    },
    watchAgain: (ctx: RequestContext, due_at: Instant) => watchAgain(parts, ctx, due_at),
    list: (query: RouteInput<"listAgents">["query"]) => list(parts, query),
    ...keyVerbs(parts),
    ...messageVerbs(parts),

    async get(agent_id: string): Promise<RouteReply<"getAgent">> {
      const [{ agent, profile }, pulse] = await Promise.all([
        expectAgent(parts, agent_id),
        parts.pulse.get(agent_id as AgentId),
      ]);
      const key = { agent_id: agent.agent_id };
      const [evidence, archive] = await Promise.all([
        agent.status === "QUARANTINED" ? parts.store.get("agent_evidence", key) : undefined,
        agent.status === "TERMINATED" ? parts.store.get("agent_archive", key) : undefined,
      ]);
      return {
        ...agentView(agent, profile, pulse),
        evidence: evidenceView(agent, evidence),
        archive: archiveView(archive),
      };
    },

    async registration(agent_id: string): Promise<RouteReply<"getAgentRegistration">> {
      const { profile } = await expectAgent(parts, agent_id);
      return {
        steps: stepsView(profile.steps),
        channels: channelsOf(profile),
        wake_url: parts.wake_url(),
        first_heartbeat_by: toRfc3339(profile.first_heartbeat_by),
      };
    },
  };
}

/**
 * What is due of an agent: its registration ends if no first heartbeat came, the time of one that leaves is over, or the tasks of one
 * that may not work go back. A message about another moment is over.
 */
async function due(parts: AgentParts, ctx: RequestContext, agent_id: string, due_at: Instant): Promise<void> {
  await untilSettled(async () => {
    const shown = await findAgent(parts, agent_id);
    if (shown === undefined || shown.agent.due_at !== due_at) return;
    const { agent } = shown;
    // The end of a lease may have emptied the slots before: then the row only stops being due.
    const forSlots = agent.due_at !== agent.leaving?.until;
    if (agent.status === "FAILED" && forSlots) return leaveFailed(parts, ctx, agent);
    if (agent.status === "QUARANTINED" && forSlots) return emptySlots(parts, ctx, agent, "Its agent is in quarantine");
    if (agent.leaving !== undefined) return leaveIsDue(parts, ctx, shown);
    // A line begins with a registration that came to nothing: it was never restarted.
    const policy = { now: ctx.now, retention_days: parts.limits.retention_days.tasks, restarts_before: 0 };
    const changes = lapse(await withKey(parts, shown), policy);
    if (changes.length === 0) return;
    await parts.commit(ctx, changes);
    await parts.pulse.close(agent.agent_id);
  });
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
