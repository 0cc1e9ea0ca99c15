import type { Limits } from "@omoios/contracts/limits";
import type { Instant } from "@omoios/kernel/clock";
import type { LadderMarks, Silence } from "./life-rows.ts";
import type { AgentRow, PulseRow } from "./model.ts";

export type BeatLimits = Pick<
  Limits,
  | "heartbeat_idle_seconds"
  | "heartbeat_running_seconds"
  | "heartbeat_tolerance_seconds"
  | "heartbeat_judged_every_seconds"
  | "heartbeat_misses"
  | "mass_silence"
>;
type Beaten = Pick<PulseRow, "beat_at" | "next_by" | "status">;

/** How long after a beat the next one is due: sooner for an agent that said it works and still holds a task. */
export function intervalOf(pulse: Pick<PulseRow, "status">, holds: boolean, limits: BeatLimits): number {
  const running = pulse.status === "RUNNING" && holds;
  return (running ? limits.heartbeat_running_seconds : limits.heartbeat_idle_seconds) * 1000;
}

/** Until when the beat after this one is awaited: its interval, or what it promised, and the tolerance. */
export function awaitedUntil({ beat_at, next_by = 0 }: Beaten, interval_ms: number, limits: BeatLimits): Instant {
  return Math.max(beat_at + interval_ms, next_by) + limits.heartbeat_tolerance_seconds * 1000;
}

/** The misses that were counted since this beat. */
export function countedSince(pulse: Pick<PulseRow, "beat_at">, silence: Silence | undefined): Silence | undefined {
  return silence !== undefined && silence.since >= pulse.beat_at ? silence : undefined;
}

/** The moment after which one more miss counts. Time in which nobody looked, or the whole fleet was silent, is not held against an agent. */
export function nextMissAt(
  pulse: Beaten,
  silence: Silence | undefined,
  interval_ms: number,
  sighted_since: Instant,
  limits: BeatLimits,
): Instant {
  const next = countedSince(pulse, silence)?.next_at ?? awaitedUntil(pulse, interval_ms, limits);
  if (sighted_since <= pulse.beat_at) return next;
  return Math.max(next, sighted_since + interval_ms + limits.heartbeat_tolerance_seconds * 1000);
}

/** The silence with one more miss, which counted at that moment. */
export function oneMore(
  pulse: Pick<PulseRow, "beat_at" | "sequence" | "mail_last">,
  silence: Silence | undefined,
  counted_at: Instant,
  interval_ms: number,
): Silence {
  const misses = (countedSince(pulse, silence)?.misses ?? 0) + 1;
  const { beat_at: since, sequence, mail_last } = pulse;
  return {
    since,
    sequence,
    misses,
    next_at: counted_at + interval_ms,
    ...(mail_last === undefined ? {} : { mail_last }),
  };
}

/** Since when beats are seen, as of a judgement now. One that is late by more than an interval was blind until now, and so is the first. */
export function sightedSince(marks: LadderMarks | undefined, now: Instant, limits: BeatLimits): Instant {
  if (marks === undefined) return now;
  const late = now - marks.due_at > limits.heartbeat_running_seconds * 1000;
  return late ? now : marks.sighted_since;
}

/** Whether so many agents are silent together that the fault is hardly theirs. */
export function isMassive(silent: number, active: number, { mass_silence }: BeatLimits): boolean {
  return silent >= mass_silence.agents && silent > mass_silence.share * active;
}

/** Whether the ladder applies: an agent that has ended, or has not begun, is held to nothing, and one in quarantine neither. */
export function isWatched({ status }: Pick<AgentRow, "status">): boolean {
  return status === "IDLE" || status === "DEGRADED";
}
