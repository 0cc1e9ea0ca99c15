import type { RouteReply } from "@omoios/contracts/routes";
import { type Instant, timeOrNull } from "@omoios/kernel/clock";
import type { AgentId } from "@omoios/kernel/ids";
import { freeSlots } from "./acting.ts";
import { missesOf } from "./ladder.ts";
import { awaitedUntil, intervalOf, isWatched } from "./misses.ts";
import type { AgentRow, PulseRow } from "./model.ts";
import type { AgentParts } from "./parts.ts";
import { expectAgent } from "./reads.ts";
import { shownStatus } from "./status.ts";
import { lastBeatOf } from "./view.ts";

type FleetHealth = RouteReply<"getFleetHealth">;
/** Silent agents that are named. */
const NAMED = 100;

/** How the fleet beats: agents by status, those whose beat is late, the oldest beat. */
export async function fleetHealth(parts: AgentParts, now: Instant): Promise<FleetHealth> {
  const [pulses, failed, fleet] = await Promise.all([
    parts.pulse.living(),
    countFailed(parts),
    parts.store.get("fleet", {}),
  ]);
  const agents = await parts.store.getMany(
    "agent",
    pulses.map(({ agent_id }) => ({ agent_id })),
  );
  const pulseOf = new Map(pulses.map((pulse) => [pulse.agent_id, pulse]));
  const by_status: FleetHealth["by_status"] = zeros(failed);
  const beating: { agent: AgentRow; pulse: PulseRow }[] = [];
  for (const agent of agents) {
    const status = shownStatus(agent);
    const pulse = pulseOf.get(agent.agent_id);
    if (status === "TERMINATED" || status === "FAILED" || pulse === undefined) continue;
    by_status[status]++;
    if (isWatched(agent)) beating.push({ agent, pulse });
  }
  beating.sort((a, b) => a.pulse.beat_at - b.pulse.beat_at);
  const late = beating.filter(({ agent, pulse }) => now > dueOf(parts, agent, pulse)).slice(0, NAMED);
  const oldest = beating[0]?.pulse.beat_at;
  return {
    by_status,
    active: by_status.IDLE + by_status.RUNNING,
    stale: await Promise.all(late.map(({ agent, pulse }) => named(parts, agent, pulse))),
    oldest_heartbeat_at: timeOrNull(oldest),
    mass_silence_since: timeOrNull(fleet?.silent_since),
  };
}

/** How one agent beats. Throws `agent.not_found`. */
export async function agentHealth(
  parts: AgentParts,
  agent_id: string,
  now: Instant,
): Promise<RouteReply<"getAgentHealth">> {
  const [{ agent, profile }, pulse] = await Promise.all([
    expectAgent(parts, agent_id),
    parts.pulse.get(agent_id as AgentId),
  ]);
  const beaten = pulse !== undefined && pulse.sequence > 0 ? pulse : undefined;
  const awaited = beaten !== undefined && isWatched(agent) ? dueOf(parts, agent, beaten) : undefined;
  const last = beaten?.beat_at ?? agent.silence?.since;
  return {
    agent_id: agent.agent_id,
    agent_name: agent.agent_name,
    status: shownStatus(agent),
    owner: profile.owner ?? null,
    last_heartbeat_at: lastBeatOf(agent, pulse),
    misses: missesOf(agent, pulse),
    heartbeat_age_seconds: last === undefined ? null : (now - last) / 1000,
    awaited_until: timeOrNull(awaited),
    stale: awaited !== undefined && now > awaited,
    sequence_number: pulse?.sequence ?? agent.silence?.sequence ?? 0,
    replays: pulse?.replays ?? 0,
    health_metrics: pulse?.health ?? {},
    capacity: agent.capacity,
    free_capacity: freeSlots(agent).length,
  };
}

function dueOf({ limits }: AgentParts, agent: AgentRow, pulse: PulseRow): Instant {
  return awaitedUntil(pulse, intervalOf(pulse, Object.keys(agent.slots).length > 0, limits), limits);
}

async function named({ store }: AgentParts, agent: AgentRow, pulse: PulseRow): Promise<FleetHealth["stale"][number]> {
  const { agent_id, agent_name } = agent;
  const profile = await store.get("agent_profile", { agent_id });
  return {
    agent_id,
    agent_name,
    status: shownStatus(agent),
    owner: profile?.owner ?? null,
    last_heartbeat_at: lastBeatOf(agent, pulse),
    misses: missesOf(agent, pulse),
  };
}

function zeros(FAILED: number): FleetHealth["by_status"] {
  return { SPAWNING: 0, IDLE: 0, RUNNING: 0, DEGRADED: 0, FAILED, QUARANTINED: 0 };
}

async function countFailed({ store }: AgentParts): Promise<number> {
  let count = 0;
  let cursor: string | undefined;
  do {
    const page = await store.list("agent", "agents#failed", { limit: 1_000, cursor });
    count += page.rows.length;
    cursor = page.cursor;
  } while (cursor !== undefined);
  return count;
}
