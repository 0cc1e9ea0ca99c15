import type { Instant } from "@omoios/kernel/clock";
import { decodeState } from "../codec.ts";
import { type Reading, step } from "../detector.ts";
import type { Point } from "../series/model.ts";
import { GAP_INTERVALS, THRESHOLD } from "../settings.ts";
import { type DetectorState, newState } from "../state.ts";
import type { Strayed } from "./breach.ts";

/** What is kept of a series between two writes of its state. */
export interface Watched {
  /** A packed `DetectorState`. */
  state: Uint8Array;
  /** Anomalies that are not over, and how many points in a row were calm since. */
  open: readonly string[];
  calm: number;
}

/** A point that is strange. */
export type Finding = Pick<Reading, "score" | "p95" | "p95_deviation_percent"> &
  NonNullable<Reading["anomaly"]> &
  Strayed & { anomaly_id: string; at: number };

export interface Watching {
  state: DetectorState;
  open: readonly string[];
  calm: number;
  /** Points that the state did not hold yet. */
  steps: number;
  findings: Finding[];
  /** Anomalies that are over. */
  cleared: string[];
}

/** So many usual points in a row, and what was strange is over. */
const CALM_POINTS = 5;
/** A series that said nothing for so long, and for a gap of its own, says nothing of what was strange either. */
const SILENT_MS = 3_600_000;
/** Anomalies of one series that stand open at a time. */
export const MOST_OPEN = 8;

/** What is known of a series, before any point that came since. */
export function resume(known: Watched | undefined): Watching {
  const state = known === undefined ? newState() : readState(known.state);
  return { state, open: known?.open ?? [], calm: known?.calm ?? 0, steps: 0, findings: [], cleared: [] };
}

/**
 * Takes those of the points that came since the state was written. The same state and points give the same findings under the same ids,
 * so that they may be taken again and again until the state is written.
 */
export function watchPoints(watching: Watching, points: readonly Point[], idOf: (at: number) => string): void {
  for (const point of points) if (point[0] > watching.state.last_at) take(watching, point, idOf);
}

function take(watching: Watching, [at, value]: Point, idOf: (at: number) => string): void {
  const usual = watching.state.slow;
  const reading = step(watching.state, value, at);
  watching.steps += 1;
  const { score, surprise, p95, p95_deviation_percent, anomaly } = reading;
  if (anomaly !== undefined) {
    const anomaly_id = idOf(at);
    const off = p95_deviation_percent === undefined ? {} : { p95_deviation_percent };
    watching.findings.push({ ...anomaly, anomaly_id, at, value, usual, score, p95, ...off });
    watching.open = [...watching.open, anomaly_id].slice(-MOST_OPEN);
  }
  watching.calm = surprise < THRESHOLD ? watching.calm + 1 : 0;
  if (watching.calm >= CALM_POINTS) clear(watching);
}

/** Ends what was strange about a series that nobody samples any more, and says whether there was such: no usual point would end it. */
export function endsInSilence(watching: Watching, now: Instant): boolean {
  const { last_at, interval } = watching.state;
  return now - last_at > Math.max(SILENT_MS, GAP_INTERVALS * interval) && clear(watching);
}

function clear(watching: Watching): boolean {
  const { open } = watching;
  watching.cleared.push(...open);
  watching.open = [];
  return open.length > 0;
}

/** A state in another form than today's is none: the series learns anew. */
function readState(bytes: Uint8Array): DetectorState {
  try {
    return decodeState(bytes);
  } catch (error) {
    if (error instanceof RangeError) return newState();
    throw error;
  }
}
