import { defaultLimits } from "@omoios/contracts/default-limits";
import { type Random, seededRandom } from "@omoios/kernel/random";
import { type Figures, median, rounded } from "../figures.ts";
import { type JudgedAgent, judgedAgent } from "./judged-agent.ts";

const BEATS = 20_000;
const DEATHS = 1_000;
const DAY_MS = 86_400_000;
/** A beat comes up to this share of its interval late. */
const LATE = 0.1;

/** How an agent beats. */
interface Pattern {
  interval_ms: number;
  /** So many of a hundred beats never come. */
  lost_percent?: number;
  /** After so many of a hundred beats it is silent for 20 to 90 s more; `next_by` of that beat says so where it is announced. */
  pause_percent?: number;
  announced?: boolean;
}

const PATTERNS = {
  steady: { interval_ms: 30_000 },
  lost_3_percent: { interval_ms: 30_000, lost_percent: 3 },
  pauses_announced: { interval_ms: 30_000, pause_percent: 1, announced: true },
  pauses_unannounced: { interval_ms: 30_000, pause_percent: 1 },
  beats_of_5_s: { interval_ms: 5_000 },
} satisfies Record<string, Pattern>;

/** Holds patterns of beats to the ladder's own decisions under the limits of a stage. Chance is seeded: the figures are the same at every run. */
export async function measureDetector(): Promise<Figures> {
  const found = Object.entries(PATTERNS).map(([name, pattern]) => [name, detect(pattern)] as const);
  return Object.fromEntries(found.map(([name, figures]) => [`heartbeat_detector.${name}`, figures]));
}

function detect(pattern: Pattern) {
  const random = seededRandom(1);
  const agent = judgedAgent(defaultLimits, random);
  const false_kills = beatOn(agent, pattern, random, BEATS);
  const days = agent.now / DAY_MS;
  const took_s = Array.from({ length: DEATHS }, () => die(agent, pattern, random));
  return {
    false_kills,
    false_kills_per_agent_day: rounded(false_kills / days, 3),
    detect_s_median: median(took_s),
    detect_s_max: Math.max(...took_s),
  };
}

/** Beats as the pattern says, and counts how often the agent was found to have failed while it lived. */
function beatOn(agent: JudgedAgent, pattern: Pattern, random: Random, beats: number): number {
  const { interval_ms, lost_percent = 0, pause_percent = 0, announced = false } = pattern;
  let sent_at = agent.now;
  let false_kills = 0;
  for (let n = 0; n < beats; n++) {
    const pause = random() * 100 < pause_percent ? 20_000 + random() * 70_000 : 0;
    const came_at = sent_at + random() * LATE * interval_ms;
    const next_at = sent_at + interval_ms + pause;
    const next_by = announced && pause > 0 ? next_at + LATE * interval_ms : undefined;
    if (random() * 100 >= lost_percent && agent.beatAt(came_at, next_by).had_failed) false_kills++;
    sent_at = next_at;
  }
  return false_kills;
}

/** The seconds from the last beat of an agent that dies right after it until it is found to have failed. */
function die(agent: JudgedAgent, pattern: Pattern, random: Random): number {
  agent.beatAt(agent.now + random() * pattern.interval_ms);
  const died_at = agent.now;
  while (!agent.hasFailed) agent.stayAway();
  return rounded((agent.now - died_at) / 1000, 1);
}
