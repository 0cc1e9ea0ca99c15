export const METRIC_KINDS = ["gauge", "counter", "histogram"] as const;

export interface MetricRow {
  kind: (typeof METRIC_KINDS)[number];
  labels: readonly string[];
  meaning: string;
  /** Why the plane gives it no samples. Those that others send count. */
  unmeasured?: string;
  /** An agent knows it best, and may send it of itself. */
  of_agent?: true;
}

const row = (kind: MetricRow["kind"], labels: readonly string[], meaning: string): MetricRow => ({
  kind,
  labels,
  meaning,
});

/** A metric that the plane does not measure: rules may name it, and it has what is sent to `POST /monitor/samples`. */
const sent = (kind: MetricRow["kind"], labels: readonly string[], meaning: string, unmeasured: string): MetricRow => ({
  ...row(kind, labels, `${meaning}. Not measured by the plane, only sent: ${unmeasured}`),
  unmeasured,
});
/** A metric that the plane measures, and of which an agent may tell by itself. */
const ofAgent = (meaning: string): MetricRow => ({ ...row("gauge", ["agent_id"], meaning), of_agent: true });
const LATER = "its area is not built yet";

/** Every metric of the plane. A rule that names one outside this table is refused. */
export const metrics = {
  tasks_queued_total: row("gauge", ["phase_id", "priority"], "Tasks that stand ready"),
  tasks_running: row("gauge", ["phase_id"], "Tasks that agents hold"),
  tasks_stuck: row("gauge", ["phase_id"], "Tasks that are held without progress"),
  tasks_completed_total: row("counter", ["phase_id"], "Tasks that completed"),
  tasks_failed_total: row("counter", ["phase_id"], "Tasks that ended failed"),
  tasks_dead_lettered_total: row("counter", ["phase_id"], "Tasks that became dead letters"),
  task_duration_seconds: row("histogram", ["phase_id", "task_type"], "From an attempt's start to its end"),
  task_wait_seconds: row("histogram", ["phase_id", "task_type"], "From ready to claimed"),
  agents_active: row("gauge", ["agent_type", "phase_id"], "Agents that are IDLE or RUNNING"),
  agent_heartbeat_age_seconds: row("gauge", ["agent_id"], "Since the agent's last beat"),
  agent_availability_ratio: row("gauge", [], "Share of registered agents that are active"),
  task_success_ratio: row("gauge", [], "Share of ended tasks that completed"),
  cache_hit_ratio: row(
    "gauge",
    [],
    "Share of cached reads that needed no request, in a minute of at least sixty. On one machine; in AWS, where each process has caches of its own, CloudWatch adds them up (cache_hits_total, cache_reads_total)",
  ),
  "agent.heartbeat.missed": row("gauge", ["agent_id"], "Beats missed in a row"),
  "agent.anomaly_score": row("gauge", ["agent_id"], "0 to 1: how far the agent is from its kind"),
  "agent.status.unresponsive": row("gauge", ["agent_id"], "1 while the agent is FAILED"),
  "agent.progress_age_seconds": ofAgent("Since the agent's last progress on a task"),
  "agent.repeated_events": ofAgent("How often the agent did the same once more, with nothing changed"),
  "agent.tokens_without_change": ofAgent("Tokens the agent used since something changed"),
  "ticket.blocked": row("gauge", ["ticket_id"], "1 while the ticket is blocked"),
  "ticket.blocked.critical": row("gauge", ["ticket_id"], "1 while a CRITICAL ticket is blocked"),
  resource_locks_active: sent("gauge", ["resource_type"], "Locks held", LATER),
  lock_wait_time_seconds: sent("histogram", ["resource_type"], "From asking for a lock to holding it", LATER),
  collaboration_threads_active: sent("gauge", ["thread_type"], "Open threads", LATER),
  handoffs_requested_total: sent("counter", ["thread_type"], "Handoffs asked for", LATER),
  "watchdog.actions": row("counter", ["policy", "outcome"], "Actions of the watchdog"),
  "watchdog.remediation.failed": row("counter", ["policy", "outcome"], "Remediations that failed"),
  "watchdog.escalation": row("counter", ["policy", "outcome"], "Cases that policies of the watchdog handed on"),
  alerts_active: row("gauge", ["severity"], "Alerts that fire or are acknowledged"),
  notifications_total: row("counter", ["receiver", "outcome"], "Notifications by what came of them"),
  events_published_total: sent(
    "counter",
    ["type"],
    "Events put on the bus",
    "it would be a write for each batch of the stream. `GET /events` has each of them, and in AWS EventBridge counts them itself (MatchedEvents)",
  ),
  api_request_duration_seconds: sent(
    "histogram",
    ["route", "status"],
    "From request to answer",
    "it would be a write for each request. In AWS API Gateway measures it itself (Latency)",
  ),
} as const satisfies Record<string, MetricRow>;

export const METRIC_NAMES = Object.keys(metrics) as [keyof typeof metrics];

/** The metrics by their names, for those who are given a name. */
export const catalogue: ReadonlyMap<string, MetricRow> = new Map(Object.entries(metrics));
