/** A row of the state table as the stream shows it; empty where there was none. */
export type Image = Readonly<Record<string, unknown>>;

/** How far a change moves one figure. */
export interface Move {
  /** The tally that holds it: `phase#<phase_id>`, `alerts`, `watchdog` or `notifications`. */
  scope: string;
  figure: string;
  by: number;
}

const LEASED = new Set<unknown>(["running", "assigned"]);
const ACTIVE = new Set<unknown>(["firing", "acknowledged"]);

/** What the change of a row moves, by its kind. Gauges move by what it is now less what it was, counters by what it became. */
export function movesOf(kind: string | undefined, was: Image, is: Image): Move[] {
  switch (kind) {
    case "task":
      return taskMoves(was, is);
    case "dead_letter":
      return was.dead_letter_id === undefined ? [{ scope: phaseScope(is), figure: "dead_lettered", by: 1 }] : [];
    case "alert":
      return netted([...activeAlert(is, 1), ...activeAlert(was, -1)]);
    case "remediation":
      return remediationMoves(was, is);
    default:
      return [];
  }
}

const phaseScope = ({ phase_id }: Image): string => `phase#${String(phase_id)}`;

function taskMoves(was: Image, is: Image): Move[] {
  const moves = netted([...standing(is, 1), ...standing(was, -1)]);
  const count = (figure: string, by: number) => moves.push({ scope: phaseScope(is), figure, by });
  if (is.status === was.status) return moves;
  if (is.status === "completed") count("completed", 1);
  if (is.status === "failed") count("failed", 1);
  const ran = was.status === "running" ? secondsFrom(was.started_at, is.completed_at) : undefined;
  if (ran !== undefined) {
    count("ended", 1);
    count("ended_seconds", ran);
  }
  const waited = is.status === "running" ? secondsFrom(was.ready_at, is.started_at) : undefined;
  if (waited !== undefined && was.status === "ready") {
    count("taken", 1);
    count("waited_seconds", waited);
  }
  return moves;
}

/** Where a task stands: ready in its lane, or held by an agent. */
function standing(row: Image, by: 1 | -1): Move[] {
  const scope = phaseScope(row);
  if (row.ready_lane !== undefined) return [{ scope, figure: `queued#${String(row.priority)}`, by }];
  return LEASED.has(row.status) ? [{ scope, figure: "running", by }] : [];
}

const activeAlert = ({ state, severity }: Image, by: 1 | -1): Move[] =>
  ACTIVE.has(state) ? [{ scope: "alerts", figure: String(severity), by }] : [];

/** Steps that were taken, and what came of the whole; what was handed on after steps that did not help has failed as well. */
function remediationMoves(was: Image, is: Image): Move[] {
  const count = (figure: string, outcome: unknown): Move => ({
    scope: "watchdog",
    figure: `${figure}#${String(is.policy)}#${String(outcome)}`,
    by: 1,
  });
  const taken = stepsOf(is).slice(stepsOf(was).length);
  const moves = taken.filter(({ outcome }) => outcome !== "skipped").map(({ outcome }) => count("actions", outcome));
  if (is.status !== "ended" || was.status === "ended") return moves;
  const handed_on = is.outcome === "escalated";
  if (is.outcome === "failed" || (handed_on && Number(is.attempts) > 0)) moves.push(count("failed", is.outcome));
  // What a person hands on is an alert by itself.
  if (handed_on && is.asked !== true) moves.push(count("escalated", is.outcome));
  return moves;
}

const stepsOf = ({ steps }: Image): readonly { outcome?: unknown }[] => (Array.isArray(steps) ? steps : []);

function secondsFrom(from: unknown, to: unknown): number | undefined {
  return typeof from === "number" && typeof to === "number" ? Math.max(0, to - from) / 1000 : undefined;
}

/** Most changes leave a row where it stood. */
function netted(moves: readonly Move[]): Move[] {
  const sums = new Map<string, Move>();
  for (const move of moves) {
    const key = `${move.scope}|${move.figure}`;
    sums.set(key, { ...move, by: move.by + (sums.get(key)?.by ?? 0) });
  }
  return [...sums.values()].filter(({ by }) => by !== 0);
}
