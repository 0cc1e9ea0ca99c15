import type { Figures } from "./figures.ts";

export interface Measure {
  name: string;
  /** What its keys begin with. */
  keys: readonly string[];
  run(): Promise<Figures>;
}

/** Every measure. Each runs in a process of its own, so that none finds what another has warmed, cached or set. */
export const MEASURES: readonly Measure[] = [
  {
    name: "claims",
    keys: ["claim.requests", "claim.wru", "claim.rru", "claim.refill", "claim.empty"],
    run: async () => (await import("./measures/claim.ts")).measureClaims(),
  },
  {
    name: "rest",
    keys: ["heartbeat.wru", "idle"],
    run: async () => (await import("./measures/rest.ts")).measureRest(),
  },
  {
    name: "access",
    keys: ["registration", "auth", "rate_limit"],
    run: async () => (await import("./measures/access.ts")).measureAccess(),
  },
  { name: "task", keys: ["task"], run: async () => (await import("./measures/task.ts")).measureTask() },
  { name: "race", keys: ["claim_race"], run: async () => (await import("./measures/race.ts")).measureRace() },
  { name: "steady", keys: ["claim_steady"], run: async () => (await import("./measures/race.ts")).measureSteady() },
  {
    name: "latency",
    keys: ["latency.enqueue_to_claimed_ms"],
    run: async () => (await import("./measures/latency.ts")).measureLatency(),
  },
  {
    name: "lone agent",
    keys: ["latency.lone_agent_ms"],
    run: async () => (await import("./measures/lone-agent.ts")).measureLoneAgent(),
  },
  {
    name: "throughput",
    keys: ["api.p95_ms", "throughput"],
    run: async () => (await import("./measures/throughput.ts")).measureThroughput(),
  },
  {
    name: "overhead",
    keys: ["api.overhead"],
    run: async () => (await import("./measures/overhead.ts")).measureOverhead(),
  },
  {
    name: "heartbeats",
    keys: ["heartbeat.per_s"],
    run: async () => (await import("./measures/heartbeats.ts")).measureHeartbeats(),
  },
  {
    name: "heartbeat detector",
    keys: ["heartbeat_detector"],
    run: async () => (await import("./measures/heartbeat-detector.ts")).measureDetector(),
  },
  {
    name: "anomaly detector",
    keys: ["detector"],
    run: async () => (await import("./measures/anomaly-detector.ts")).measureAnomalyDetector(),
  },
  {
    name: "alerting",
    keys: ["alerting"],
    run: async () => (await import("./measures/alerting.ts")).measureAlerting(),
  },
  {
    name: "sample to notification",
    keys: ["alert.sample_to_notification_ms"],
    run: async () => (await import("./measures/sample-to-notification.ts")).measureSampleToNotification(),
  },
  {
    name: "sweep",
    keys: ["sweep.requests", "sweep.seconds", "sweep.usd_per_month"],
    run: async () => (await import("./measures/sweep.ts")).measureSweep(),
  },
  {
    name: "sweep after many tasks",
    keys: ["sweep.after_100000_tasks"],
    run: async () => (await import("./measures/sweep.ts")).measureSweepAfterTasks(),
  },
  { name: "relay", keys: ["relay"], run: async () => (await import("./measures/relay.ts")).measureRelay() },
  {
    name: "bundles",
    keys: ["bundle", "cold_start_ms"],
    run: async () => (await import("./measures/bundles.ts")).measureBundles(),
  },
];
