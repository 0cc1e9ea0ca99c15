import type { Instant } from "@omoios/kernel/clock";
import { expectAccepted } from "@omoios/kernel/outcome";
import type { EventDraft } from "../commit.ts";
import { type BeatLimits, countedSince, intervalOf, isWatched, nextMissAt, oneMore } from "./misses.ts";
import type { AgentRow, PulseRow } from "./model.ts";
import { changeStatus } from "./status.ts";

/** One rung: the agent as it is after one more miss, with the events of that. */
export interface Rung {
  after: AgentRow;
  events: EventDraft[];
}

/**
 * Counts one missed beat, if there is one more by now: the first warns, the second degrades, the third fails the agent. Several are
 * found one after another. `undefined` where nothing more is missed, or the agent is held to nothing.
 */
export function climb(
  agent: AgentRow,
  pulse: PulseRow,
  { now, sighted_since, limits }: { now: Instant; sighted_since: Instant; limits: BeatLimits },
): Rung | undefined {
  if (!isWatched(agent) || pulse.sequence === 0) return undefined;
  const interval_ms = intervalOf(pulse, Object.keys(agent.slots).length > 0, limits);
  const at = nextMissAt(pulse, agent.silence, interval_ms, sighted_since, limits);
  if (now <= at) return undefined;
  const silence = oneMore(pulse, agent.silence, at, interval_ms);
  const missed: EventDraft = { type: "agent.heartbeat.missed", data: { count: silence.misses } };
  const counted = { ...agent, silence };
  const to = rungFor(agent, silence.misses, limits);
  if (to === undefined) return { after: counted, events: [missed] };
  const { after, event } = expectAccepted(changeStatus(counted, { to, why: `missed ${silence.misses} heartbeats` }));
  return { after, events: [missed, event] };
}

function rungFor(agent: AgentRow, misses: number, { heartbeat_misses }: BeatLimits): "DEGRADED" | "FAILED" | undefined {
  if (agent.status === "IDLE") return misses >= heartbeat_misses.degraded ? "DEGRADED" : undefined;
  return misses >= heartbeat_misses.failed ? "FAILED" : undefined;
}

/** What a good beat makes of an agent that its silence had degraded; nothing for any other. */
export function recover(agent: AgentRow, beat_at: Instant): Rung | undefined {
  if (agent.status !== "DEGRADED" || agent.silence === undefined || agent.silence.since >= beat_at) return undefined;
  const { after, event } = expectAccepted(changeStatus(agent, { to: "IDLE", why: "beats again" }));
  return { after: { ...after, silence: undefined }, events: [event] };
}

/** Misses that count against the agent now. */
export function missesOf(agent: Pick<AgentRow, "silence">, pulse: Pick<PulseRow, "beat_at"> | undefined): number {
  if (pulse === undefined) return agent.silence?.misses ?? 0;
  return countedSince(pulse, agent.silence)?.misses ?? 0;
}
