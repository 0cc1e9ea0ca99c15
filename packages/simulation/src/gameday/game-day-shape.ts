import { labels } from "@omoios/contracts/shapes/alert";
import { duration, durationMs } from "@omoios/contracts/shapes/duration";
import { didYouMean } from "@omoios/domain/config/suggest";
import * as z from "zod";

const name = z.string().min(1);
const share = z.number().gt(0).max(1);
/** Agents by their numbers, counted from 1 in the order in which they were started. */
const which = z.union([z.int().min(1), z.array(z.int().min(1)).min(1), z.literal("all")], {
  error: "must be an agent's number from 1, a list of such numbers, or all",
});
const at = duration;

/** What can be done; `at` counts from the begin. */
const ACTS = [
  z.strictObject({ at, do: z.literal("start_agents"), count: z.int().min(1).max(50) }),
  z.strictObject({ at, do: z.literal("stop_agents") }),
  /** Ended without a word: it never comes back by itself. */
  z.strictObject({ at, do: z.literal("kill_agent"), which }),
  /** It works on, and no heartbeat of it arrives. */
  z.strictObject({ at, do: z.literal("mute_agent"), which, for: duration.optional() }),
  z.strictObject({ at, do: z.literal("drop_heartbeats"), share: share.default(1), for: duration }),
  z.strictObject({ at, do: z.literal("flood_queue"), tasks: z.int().min(1).max(500) }),
  z.strictObject({
    at,
    do: z.literal("receiver_answers"),
    receiver: name,
    status: z.int().min(400).max(599).default(503),
    for: duration,
  }),
  z.strictObject({ at, do: z.literal("double_events"), share: share.default(1), for: duration }),
  z.strictObject({ at, do: z.literal("drop_events"), share: share.default(1), for: duration }),
  z.strictObject({ at, do: z.literal("reorder_events"), share: share.default(1), for: duration }),
  z.strictObject({ at, do: z.literal("pause_sweep"), for: duration }),
  z.strictObject({ at, do: z.literal("throttle_table"), share: share.default(0.5), for: duration }),
  /** An Alertmanager elsewhere tells of so many alerts at once, each so many times, and of their end after `for`. */
  z.strictObject({
    at,
    do: z.literal("alert_storm"),
    alerts: z.int().min(1).max(1_000),
    times: z.int().min(1).max(10).default(1),
    for: duration,
  }),
  z.strictObject({ at, do: z.literal("acknowledge"), alert: name }),
] as const;

const NAMES = ACTS.map(({ shape }) => shape.do.value);

const entry = z.discriminatedUnion("do", ACTS, {
  error: ({ input }) => {
    const given: unknown = Object(input).do;
    const hint = typeof given === "string" ? didYouMean(given, NAMES) : "";
    return `must be one of ${NAMES.join(", ")}.${hint}`;
  },
});
export type Entry = z.infer<typeof entry>;
export type ActName = Entry["do"];

const PROBES = ["alerts.firing", "tasks.stuck", "tasks.dead_lettered", "agents.active", "agents.failed"] as const;
export type ProbeName = (typeof PROBES)[number];
const probe = { probe: z.enum(PROBES), is: z.int().min(0) };

const within = duration;

/** What must come of it; `within` counts from the last fault. */
const EXPECTATIONS = [
  /** `times` is how often in the whole run; at least once unless given. */
  z.strictObject({
    alert: name,
    labels: labels.optional(),
    within: within.optional(),
    times: z.int().min(0).optional(),
  }),
  z.strictObject({ remediation: name, outcome: name.default("succeeded"), within }),
  /** What the agents held that were killed or muted is taken by others. */
  z.strictObject({ task: z.literal("reassigned"), within }),
  z.strictObject({ resolved: z.literal("all"), within }),
  /** How many notifications of firing alerts each receiver took, and under `resolved` how many of ends all took together. */
  z.strictObject({ notifications: z.record(name, z.int().min(0)), within: within.optional() }),
  /** At the end of the run. */
  z.strictObject(probe),
] as const;
const expectation = z.union(EXPECTATIONS);
export type Expectation = z.infer<typeof expectation>;

/**
 * What a series was before the run, so that the detector knows what is usual: values drawn between two bounds, one `every` so long, the
 * last one so long before the begin.
 */
const past = z.strictObject({
  metric: name,
  labels: labels.default({}),
  between: z.tuple([z.number(), z.number()], { error: "must be two numbers: [low, high]" }),
  for: duration.default("6h"),
  every: duration.refine((text) => durationMs(text) > 0, "must be longer than 0s").default("1m"),
});

/** The file of `omoi gameday run`. */
export const gameDayFile = z.strictObject({
  title: name,
  description: z.string().optional(),
  /** What holds right before the first fault; where it does not, the rest would prove nothing. */
  hypothesis: z.array(z.strictObject(probe)).default([]),
  history: z.array(past).default([]),
  timeline: z.array(entry).min(1),
  expect: z.array(expectation).min(1),
  rollback: z.array(z.strictObject({ do: z.literal("stop_agents") })).default([]),
  /** As `config/alert_routing.yaml`, which stands in for it. */
  routing: z.unknown().optional(),
  /** How long agents work on a task. They always find one. */
  task_takes: duration.default("60s"),
  /** When it ends; else so long after the last thing that is done or expected that groups have told of it. */
  until: duration.optional(),
  /** It ends as soon as all that is expected holds, and at its end at the latest. What is counted may rise afterwards. */
  until_met: z.boolean().default(false),
  /** What chance draws: with the same seed the same happens. */
  seed: z.int().min(1).default(1),
});
export type GameDayFile = z.infer<typeof gameDayFile>;
