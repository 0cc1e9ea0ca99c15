import type { Instant } from "@omoios/kernel/clock";
import { expectAccepted } from "@omoios/kernel/outcome";
import type { EventDraft } from "../commit.ts";
import { type Box, type MailLimits, unheardNumber } from "./mail.ts";
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
  if (!isWatched(agent)) return undefined;
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

/** Degrades an agent that beats but has left a message unacknowledged for too many beats; nothing for any other. */
export function degradeUnheard(agent: AgentRow, box: Box, now: Instant, limits: MailLimits): Rung | undefined {
  const unheard = unheardNumber(box, now, limits);
  if (agent.status !== "IDLE" || unheard === undefined) return undefined;
  const why = `has not acknowledged message ${unheard} in ${limits.agent_messages.unheard_beats} heartbeats`;
  const { after, event } = expectAccepted(changeStatus(agent, { to: "DEGRADED", why }));
  return { after: { ...after, unheard }, events: [event] };
}

/**
 * What a good beat makes of an agent that its silence had degraded, or messages that it did not acknowledge; nothing for any other.
 * @param open the numbers of the messages that it has still not acknowledged
 */
export function recover(agent: AgentRow, beat_at: Instant, open: readonly number[]): Rung | undefined {
  const { status, silence, unheard } = agent;
  if (status !== "DEGRADED" || (silence === undefined && unheard === undefined)) return undefined;
  if (silence !== undefined && silence.since >= beat_at) return undefined;
  if (unheard !== undefined && open.some((number) => number <= unheard)) return undefined;
  const why = unheard === undefined ? "beats again" : "acknowledges its messages again";
  const { after, event } = expectAccepted(changeStatus(agent, { to: "IDLE", why }));
  return { after: { ...after, silence: undefined, unheard: undefined }, events: [event] };
}

/** Misses that count against the agent now. */
export function missesOf(agent: Pick<AgentRow, "silence">, pulse: Pick<PulseRow, "beat_at"> | undefined): number {
  if (pulse === undefined) return agent.silence?.misses ?? 0;
  return countedSince(pulse, agent.silence)?.misses ?? 0;
}
