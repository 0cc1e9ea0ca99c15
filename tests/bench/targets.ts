/** What a figure is held to. A count is the same at every run, and one that misses fails the run; a time depends on the machine. */
export interface Target {
  /** Where the figure stands: the key, and within it the names, of which every one is held to the bound. */
  key: string;
  within?: readonly string[];
  bound: number;
  /** Whether the figure must be at least the bound, and not at most. */
  least?: boolean;
  kind: "count" | "time";
  unit?: string;
}

const most = ["max"];

/** The targets of the issue, in its order. */
export const TARGETS: readonly Target[] = [
  { key: "claim.requests", within: most, bound: 5, kind: "count" },
  { key: "claim.wru", within: most, bound: 4, kind: "count" },
  { key: "claim.rru", within: most, bound: 3, kind: "count" },
  { key: "claim.empty.requests", within: most, bound: 2, kind: "count" },
  { key: "claim.empty.wru", within: most, bound: 0, kind: "count" },
  { key: "claim.empty.rru", within: most, bound: 2, kind: "count" },
  { key: "heartbeat.wru", bound: 1, kind: "count" },
  { key: "heartbeat_detector.steady", within: ["false_kills"], bound: 0, kind: "count" },
  { key: "heartbeat_detector.lost_3_percent", within: ["false_kills"], bound: 2, kind: "count" },
  { key: "heartbeat_detector.pauses_announced", within: ["false_kills"], bound: 0, kind: "count" },
  { key: "heartbeat_detector.beats_of_5_s", within: ["false_kills"], bound: 0, kind: "count" },
  { key: "heartbeat_detector.steady", within: ["detect_s_max"], bound: 125, kind: "count", unit: "s" },
  { key: "heartbeat_detector.lost_3_percent", within: ["detect_s_max"], bound: 125, kind: "count", unit: "s" },
  { key: "heartbeat_detector.pauses_announced", within: ["detect_s_max"], bound: 125, kind: "count", unit: "s" },
  { key: "heartbeat_detector.pauses_unannounced", within: ["detect_s_max"], bound: 125, kind: "count", unit: "s" },
  { key: "detector.nab_standard", bound: 62, least: true, kind: "count" },
  { key: "detector.us_per_point", bound: 2, kind: "time", unit: "µs" },
  { key: "detector.bytes_per_series", bound: 2_048, kind: "count", unit: "bytes" },
  { key: "detector.daily_false_anomalies_per_1000_series", bound: 20, kind: "count" },
  { key: "rate_limit.extra_requests_per_call", within: ["one_process"], bound: 0.1, kind: "count" },
  { key: "rate_limit.extra_requests_per_call", within: ["eight_processes"], bound: 1, kind: "count" },
  { key: "auth.verify_ms", within: ["p95"], bound: 2, kind: "time", unit: "ms" },
  // Lambda's milliseconds are in it.
  { key: "task.usd_per_million", bound: 40, kind: "time", unit: "USD" },
  { key: "idle.usd_per_month", bound: 10, kind: "time", unit: "USD" },
  { key: "claim_race", within: ["double"], bound: 0, kind: "count" },
  { key: "claim_race", within: ["lost"], bound: 0, kind: "count" },
  { key: "claim_race", within: ["failed_conditions_per_claim"], bound: 0.5, kind: "count" },
  { key: "claim_steady", within: ["double"], bound: 0, kind: "count" },
  { key: "claim_steady", within: ["lost"], bound: 0, kind: "count" },
  { key: "claim_steady", within: ["failed_conditions_per_claim"], bound: 0.5, kind: "count" },
  { key: "latency.enqueue_to_claimed_ms", within: ["p95"], bound: 150, kind: "time", unit: "ms" },
  { key: "latency.lone_agent_ms", within: ["p95"], bound: 1_000, kind: "time", unit: "ms" },
  { key: "api.p95_ms", bound: 40, kind: "time", unit: "ms" },
  { key: "api.overhead", within: ["ratio"], bound: 1.5, kind: "time" },
  { key: "alerting.storm", within: ["notifications_per_group"], bound: 1, kind: "count" },
  { key: "alert.sample_to_notification_ms", within: ["p95"], bound: 1_000, kind: "time", unit: "ms" },
  { key: "sweep.requests", bound: 100, kind: "count" },
  { key: "sweep.after_100000_tasks", within: ["requests"], bound: 100, kind: "count" },
  // Lambda's milliseconds are in it.
  { key: "sweep.usd_per_month", bound: 60, kind: "time", unit: "USD" },
  { key: "relay.events_per_s", bound: 1_000, least: true, kind: "time", unit: "events/s" },
  { key: "bundle.kib", within: most, bound: 1_024, kind: "count", unit: "KiB" },
  { key: "cold_start_ms", within: most, bound: 250, kind: "time", unit: "ms" },
];
