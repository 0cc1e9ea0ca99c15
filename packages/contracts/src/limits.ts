import { once } from "@omoios/kernel/once";
import * as z from "zod";
import type { RateClass } from "./rate-classes.ts";
import { capability, PRIORITIES, phaseId } from "./shapes/common.ts";

/** Beyond this a moment, in whatever unit it is counted, is none that a calendar has. */
const MOST = 1_000_000_000;
const positive = z.number().positive().max(MOST);
const count = z.int().min(0).max(MOST);
const seconds = z.number().min(0).max(MOST);
const days = z.number().positive().max(36_500);

const bucket = (per_second: number, burst: number) =>
  z.strictObject({ per_second: positive.default(per_second), burst: z.int().min(1).default(burst) }).prefault({});

const boosts = z.strictObject(
  Object.fromEntries(PRIORITIES.map((name) => [name, seconds])) as Record<(typeof PRIORITIES)[number], typeof seconds>,
);

/** What `limits()` makes. */
const makeLimits = () =>
  z.strictObject({
    /** A lease on a task; progress renews it. */
    lease_seconds: positive.default(120),
    /** Renewals by heartbeat alone before the task counts as stuck. */
    renewals_without_progress: count.default(3),
    /** Beats in a row that may leave out a held task before it goes back to its lane. */
    beats_without_task: count.default(2),
    /** Lost leases in a row after which a task fails as exhausted. */
    lost_leases: count.default(5),
    timeout_seconds: positive.default(3600),
    max_retries: count.default(3),
    retry_base_ms: positive.default(1_000),
    retry_cap_ms: positive.default(60_000),
    retry_jitter: z.number().min(0).max(1).default(0.25),
    /** The same failure signature so often in a row stops the retries. */
    same_failures: z.int().min(1).default(3),
    assignment_seconds: positive.default(60),
    /** An agent that let an assignment pass is not asked for that task again for so long. */
    assign_again_seconds: positive.default(300),
    /** Idle agents that are told of a task that becomes ready, and how many are looked at for that: so many with a socket, so many with a webhook. */
    dispatch_agents_told: z.int().min(1).max(20).default(2),
    dispatch_agents_looked_at: z.int().min(1).max(50).default(20),

    /** How much earlier a task of this priority stands in its lane. */
    priority_boost_seconds: boosts.default({ CRITICAL: 21_600, HIGH: 7_200, MEDIUM: 1_800, LOW: 0 }),
    urgency_window_seconds: seconds.default(900),
    dependent_boost_seconds: seconds.default(60),
    dependents_counted: count.default(10),
    retry_penalty_seconds: seconds.default(60),

    /** Entries read from a lane at once. Never 1: busy claimers would all fight for it. */
    claim_page: z.int().min(2).max(100).default(16),
    claim_tries: z.int().min(1).default(3),
    claim_lanes: z.int().min(1).default(3),
    /** One call in so many tries a random lane, in case a hint is wrong. */
    claim_random_lane_one_in: z.int().min(1).default(16),
    /** Entries this close to a page's first are equally good, and one is picked at random. */
    claim_spread_seconds: seconds.default(60),
    claim_retry_after_ms: z
      .strictObject({ least: positive, most: positive })
      .refine(({ least, most }) => least <= most, { message: "least must not be more than most" })
      .default({ least: 1_000, most: 20_000 }),
    claim_retry_jitter: z.number().min(0).max(1).default(0.25),
    /** How often a waiting claim that nobody wakes looks whether there is work: in AWS what makes tasks ready is another process. */
    claim_looks_again_ms: z.number().min(10).max(5_000).default(500),
    /** One empty claim in so many says what its class lacks for the work of its phases, each class at most once in this time. */
    claim_notice_one_in: z.int().min(1).default(20),
    claim_notice_every_seconds: seconds.default(60),
    avoid_failed_seconds: seconds.default(1_800),
    failed_tasks_remembered: count.default(8),
    hint_cache_ms: count.default(2_000),
    /** Hints that show no work, or showed it where there was none, are read again when they are so old. Below the runner's first look after a wake. */
    hint_again_ms: count.default(500),
    lane_cache_ms: count.default(10_000),
    pause_cache_ms: count.default(2_000),
    api_key_cache_ms: count.default(5_000),
    /** How long a dispatching process trusts what it read of how agents can be told: their sockets and webhooks. */
    reach_cache_ms: count.default(2_000),
    /** Shards of single lanes; a lane has 1 unless named. */
    lanes: z
      .array(
        z.strictObject({
          phase_id: phaseId,
          required_capabilities: z.array(capability).max(20),
          shards: z.int().min(1).max(64),
        }),
      )
      .default([]),
    /** A lane's shards are doubled, up to so many, when more than one in so many of at least so many takes fail over this time. */
    lane_shards_most: z.int().min(1).max(64).default(64),
    lane_grows_failed_one_in: z.int().min(1).default(3),
    lane_grows_takes: z.int().min(1).default(20),
    lane_grows_seconds: positive.default(60),
    lane_idle_seconds: seconds.default(86_400),
    unmatchable_after_seconds: seconds.default(60),

    batch_open_seconds: positive.default(900),
    /** Until when a new task's dependencies are looked at once more, should its own call have died. */
    dependency_check_seconds: positive.default(60),
    blocked_after_seconds: positive.default(1_800),
    context_budget_tokens: positive.default(8_000),
    idempotency_hours: positive.default(24),
    idempotency_running_seconds: positive.default(60),
    progress_event_every_seconds: seconds.default(60),

    access_token_seconds: positive.default(900),
    assertion_seconds: positive.default(300),
    clock_tolerance_seconds: seconds.default(30),
    /** How long an agent's key is good after it was replaced. */
    old_key_seconds: seconds.default(300),
    first_heartbeat_seconds: positive.default(60),
    heartbeat_idle_seconds: positive.default(30),
    heartbeat_running_seconds: positive.default(15),
    heartbeat_tolerance_seconds: seconds.default(2),
    /** How often beats are judged while an agent is active; without one, each minute. */
    heartbeat_judged_every_seconds: z.int().min(1).max(60).default(15),
    /** Misses in a row after which an agent takes no new task, and after which it has failed. */
    heartbeat_misses: z
      .strictObject({ degraded: z.int().min(1), failed: z.int().min(2) })
      .refine(({ degraded, failed }) => degraded < failed, { message: "degraded must come before failed" })
      .default({ degraded: 2, failed: 3 }),
    /**
     * More silent agents than this share of the active ones, and at least so many, are no failure of theirs; of those that others have
     * beaten past for so long, it is.
     */
    mass_silence: z
      .strictObject({
        share: z.number().min(0).max(1).default(0.3),
        agents: z.int().min(1).default(5),
        most_seconds: seconds.default(600),
      })
      .prefault({}),
    /** A part of the sweep that did not run through for so long is an alert. */
    sweep_late_seconds: positive.default(180),
    /** Messages of channels: how many an agent may owe a word for, for how many beats it may, and how long one is kept for it. */
    agent_messages: z
      .strictObject({
        open: z.int().min(1).max(50).default(8),
        unheard_beats: z.int().min(1).default(3),
        keep_seconds: positive.default(604_800),
      })
      .prefault({}),
    /** How long an agent has to stop before it is restarted; how often its line may be. */
    restart_grace_seconds: seconds.default(10),
    restart_cooldown_seconds: seconds.default(60),
    restarts_per_hour: z.int().min(1).default(3),
    /** How long an agent that leaves may finish its tasks, and when they are taken from it. */
    leave_seconds: z
      .strictObject({ grace: seconds, forced: seconds })
      .refine(({ grace, forced }) => grace <= forced, { message: "grace must not come after forced" })
      .default({ grace: 20, forced: 30 }),
    /** Tasks taken from an agent that its claims are told to stop, and for how long. */
    stopped_tasks_remembered: count.default(8),
    stopped_tasks_seconds: seconds.default(600),
    /** How often the guardian may intervene within a minute, people and policies together. */
    guardian_actions_per_minute: z.int().min(1).max(1_000).default(10),
    agents: z
      .strictObject({
        /** Semver range of agents that may register. */
        versions: z.string().default(">=1.0.0 <2.0.0"),
        memory_mb: positive.default(65_536),
        cpus: positive.default(64),
        gpus: count.default(8),
        /** SHA-256 of the binaries that may register; an empty list allows all. */
        binaries: z.array(z.string().regex(/^[0-9a-f]{64}$/, "must be a SHA-256 in lower-case hex")).default([]),
        /** An agent whose key is older is told to take a new one. */
        key_max_age_days: days.default(90),
      })
      .prefault({}),

    /** Requests of one principal to routes of one class: in t seconds, burst + per_second × t. */
    rate_limits: z
      .strictObject({
        read: bucket(200, 1_000),
        write: bucket(200, 1_000),
        work: bucket(200, 400),
        register: bucket(50, 1_000),
      } satisfies Record<RateClass, z.ZodType>)
      .prefault({}),

    retention_days: z
      .strictObject({
        tasks: days.default(90),
        attempts: days.default(90),
        alerts: days.default(90),
        samples: days.default(14),
        events: days.default(400),
      })
      .prefault({}),
  });

/** `config/limits.yaml`: the numbers of the plane that a stage may set, each with its unit in its name. What is left out takes the value given here. */
export const limits = once(makeLimits);

export type Limits = z.infer<ReturnType<typeof makeLimits>>;
