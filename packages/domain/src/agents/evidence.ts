import type { RouteReply } from "@omoios/contracts/routes";
import { toRfc3339 } from "@omoios/kernel/clock";
import type { RequestContext } from "../commit.ts";
import { expiryInDays } from "../expiry.ts";
import type { ArchiveRow, EvidenceRow } from "./life-rows.ts";
import type { AgentRow } from "./model.ts";
import type { AgentParts } from "./parts.ts";

type Details = RouteReply<"getAgent">;
/** Events that are kept, the newest of them. */
const EVENTS = 20;

/** What is known of an agent now: its newest beats and events, and the errors of its tasks. */
export async function evidenceOf(parts: AgentParts, ctx: RequestContext, agent: AgentRow): Promise<EvidenceRow> {
  const [pulse, events, errors] = await Promise.all([
    parts.pulse.get(agent.agent_id),
    parts.log.ofSubject(agent.agent_id, { limit: EVENTS, newest_first: true }),
    parts.work.errorsOf(agent),
  ]);
  return {
    version: 0,
    agent_id: agent.agent_id,
    at: ctx.now,
    heartbeats: Object.values(pulse?.recent ?? {}).sort((a, b) => b.sequence - a.sequence),
    events: events.rows.map(({ id, type, time, data }) => ({ id, type, time, data })),
    errors,
    ttl: expiryInDays(ctx.now, parts.limits.retention_days.tasks),
  };
}

/** Evidence as the API shows it, while the agent is in quarantine. */
export function evidenceView({ status }: AgentRow, evidence: EvidenceRow | undefined): Details["evidence"] {
  if (status !== "QUARANTINED" || evidence === undefined) return null;
  return {
    at: toRfc3339(evidence.at),
    heartbeats: evidence.heartbeats.map(({ sequence, at, status: said, cpu, mb }) => ({
      sequence_number: sequence,
      at: toRfc3339(at),
      status: said,
      cpu_usage_percent: cpu ?? null,
      memory_usage_mb: mb ?? null,
    })),
    events: evidence.events,
    errors: evidence.errors.map((error) => ({ ...error, at: toRfc3339(error.at) })),
  };
}

/** Lifetime figures as the API shows them. */
export function archiveView(archive: ArchiveRow | undefined): Details["archive"] {
  if (archive === undefined) return null;
  const { completed, busy_ms } = archive;
  return {
    ended_at: toRfc3339(archive.ended_at),
    why: archive.why,
    tasks_completed: completed,
    tasks_failed: archive.failed,
    mean_task_seconds: completed === 0 ? null : busy_ms / completed / 1000,
    restarts: archive.restarts,
    uptime_seconds: archive.uptime_ms / 1000,
  };
}
