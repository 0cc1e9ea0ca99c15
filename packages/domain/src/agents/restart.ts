import type { Limits } from "@omoios/contracts/limits";
import type { Instant } from "@omoios/kernel/clock";
import { accepted, type Outcome, refused } from "@omoios/kernel/outcome";

const HOUR_MS = 3_600_000;

export type RestartLimits = Pick<Limits, "restart_cooldown_seconds" | "restarts_per_hour">;

/**
 * Whether an agent's line may be restarted once more, by the moments at which it was. More than so many within the hour are refused
 * and are the guardian's business; before that, one that comes too soon after another is told to wait.
 */
export function judgeRestart(restarts: readonly Instant[], now: Instant, limits: RestartLimits): Outcome<true> {
  const lately = restarts.filter((at) => at > now - HOUR_MS).sort((a, b) => b - a);
  const oldest = lately[limits.restarts_per_hour - 1];
  if (oldest !== undefined) {
    const detail = `The agent's line was restarted ${lately.length} times within the hour.`;
    return refused("agent.restart_limit", { detail, extra: { retry_after_ms: oldest + HOUR_MS - now } });
  }
  const ready_at = (lately[0] ?? Number.NEGATIVE_INFINITY) + limits.restart_cooldown_seconds * 1000;
  if (ready_at > now) return refused("agent.restart_cooldown", { extra: { retry_after_ms: ready_at - now } });
  return accepted(true);
}

/** Whether the guardian is told of a restart too many: once an hour. */
export function isToEscalate(escalated_at: Instant | undefined, now: Instant): boolean {
  return escalated_at === undefined || escalated_at <= now - HOUR_MS;
}
