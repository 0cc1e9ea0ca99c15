import type { Instant } from "@omoios/kernel/clock";
import type { Member } from "./group.ts";
import { withSeverity } from "./identity.ts";
import { inhibitedBy, type Source } from "./inhibition.ts";
import type { Decision, LogEntry } from "./log.ts";
import { labelOf } from "./matcher.ts";
import type { Route, Routing } from "./routing.ts";
import { type ReadySilence, silencedBy } from "./silence.ts";
import { isWithin } from "./weekly-time.ts";

/** What may keep alerts from being told, as it stands now. */
export interface Surroundings {
  routing: Routing;
  silences: readonly ReadySilence[];
  /** The alerts that fire and can inhibit others (`canInhibit`). */
  sources: readonly Source[];
}

interface Quiet {
  decision: Decision;
  why: string;
}

/** Why an alert that fires is not told at that moment, if it is not. */
function quietBy(member: Member, route: Route, around: Surroundings, at: Instant): Quiet | undefined {
  const labels = withSeverity(member);
  const silence = silencedBy(around.silences, labels, at);
  if (silence !== undefined) {
    return { decision: "silenced", why: `by ${silence.silence_id} of ${silence.author}: ${silence.comment}` };
  }
  const source = inhibitedBy(around.routing.inhibitions, labels, around.sources);
  if (source !== undefined) {
    return { decision: "inhibited", why: `by ${labelOf(source.labels, "alertname")} (${source.fingerprint})` };
  }
  if (!route.mute_times.some((times) => isWithin(times, at))) return undefined;
  return { decision: "muted", why: `by the mute times of route ${route.id}` };
}

/** The alert with why it is quiet, and a line for its log where that has changed. */
export function judgeQuiet(
  member: Member,
  route: Route,
  around: Surroundings,
  now: Instant,
): { member: Member; entries: LogEntry[] } {
  const fires = member.here && member.status === "firing";
  const found = fires ? quietBy(member, route, around, now) : undefined;
  const quiet = found === undefined ? undefined : `${found.decision} ${found.why}`;
  if (quiet === member.quiet) return { member, entries: [] };
  const line = found ?? { decision: "unmuted" as const, why: `no longer ${member.quiet}` };
  const entries = fires ? [{ alert_id: member.alert_id, at: now, ...line }] : [];
  return { member: { ...member, quiet }, entries };
}

const MINUTE_MS = 60_000;
/** How many minutes ahead the end of recurring times is looked for; then it is looked again. */
const LOOKS_AHEAD = 60;

/**
 * When an alert that is kept quiet is looked at again: when that ends, and after `group_interval` at the latest, as the source that
 * inhibits it may end and a silence may be taken back without a word.
 */
export function quietDueAt(member: Member, route: Route, around: Surroundings, now: Instant): Instant {
  const tick = now + route.group_interval_ms;
  const next = Math.floor(now / MINUTE_MS) + 1;
  const minutes = Array.from({ length: LOOKS_AHEAD }, (_, index) => (next + index) * MINUTE_MS);
  const ends = around.silences.flatMap(({ ends_at }) => (ends_at === undefined ? [] : [ends_at]));
  // Nobody knows when a source ends; the others end at a minute of the clock, or at a silence's end.
  if (member.quiet?.startsWith("inhibited")) return tick;
  const candidates = [...ends, ...minutes].filter((at) => at > now && at < tick).sort((a, b) => a - b);
  const over_at = candidates.find((at) => quietBy(member, route, around, at) === undefined);
  return over_at ?? Math.min(tick, (next + LOOKS_AHEAD) * MINUTE_MS);
}
