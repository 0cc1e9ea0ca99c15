import type { Instant } from "@omoios/kernel/clock";
import { AUTHORITY, hasAuthority } from "@omoios/kernel/principal";
import { fitOf, isVerified, isWell } from "./judge.ts";
import type { RemediationFleetRow, RemediationLineRow, RemediationRow, Seen } from "./model.ts";
import type { Action } from "./policy.ts";
import { countOf, mostInWords, mostOf, roomFrom } from "./rate-limit.ts";
import { remedies } from "./remedies.ts";
import { backoffAfter, countedToil, restsUntil } from "./rest.ts";

/** What is to be done about a remediation at this moment. */
export type Move =
  | { do: "nothing" }
  /** Later: it is looked at again then. */
  | { do: "wait"; until: Instant }
  /** The action makes no sense now: the next one is looked at. */
  | { do: "pass"; action: Action; why: string }
  | { do: "act"; action: Action; under_way: boolean }
  /** The step under way is over. */
  | { do: "verified"; action: Action }
  | { do: "unverified"; action: Action }
  /** It was begun time and again, and came to no end. */
  | { do: "stuck"; action: Action }
  | { do: "end"; outcome: "succeeded" | "failed" | "not_needed" | "refused"; why: string }
  /** Nothing more is done, though something may be under way. */
  | { do: "stop"; outcome: "stopped" | "disabled"; why: string }
  /** `once` names the limit that was passed: within its window it is said once. `again_at` is when there is room for it again. */
  | { do: "escalate"; why: string; once?: Once; again_at?: Instant | undefined };

interface Once {
  of: "target" | "fleet";
  window_ms: number;
}

/** The limits' memory, and how many agents are active. */
export interface Memory {
  line: RemediationLineRow | undefined;
  fleet: RemediationFleetRow | undefined;
  active: number;
}

/** How long after another's work on the same target, or while the whole fleet is silent, it is looked at again. */
const HELD_MS = 15_000;
/** How often a step is begun whose process dies over it. */
const TRIES = 3;

/** The next move: the ladder of actions as a function of what is known. */
export function next(row: RemediationRow, seen: Seen, memory: Memory, now: Instant): Move {
  const move = onward(row, seen, memory, now);
  const { switched_off: off } = seen;
  const at_work = row.status === "acting" && !isDue(row, now);
  if (off === undefined || row.status === "ended" || at_work || move.do === "end" || move.do === "verified")
    return move;
  const outcome = row.started_at === undefined ? "disabled" : "stopped";
  return { do: "stop", outcome, why: `not acted: ${off.by} switched it off: ${off.reason}` };
}

function onward(row: RemediationRow, seen: Seen, memory: Memory, now: Instant): Move {
  const action = row.terms.actions[row.step];
  switch (row.status) {
    case "ended":
      return { do: "nothing" };
    case "acting":
      // Whoever began it died over it: what it does may be done twice.
      if (action === undefined || !isDue(row, now)) return { do: "nothing" };
      return (row.tries ?? 0) < TRIES ? { do: "act", action, under_way: false } : { do: "stuck", action };
    case "verifying":
      if (action === undefined) return { do: "nothing" };
      if (isVerified(action.type, seen)) return { do: "verified", action };
      return isDue(row, now) ? { do: "unverified", action } : { do: "nothing" };
    case "waiting":
      return waiting(row, action, seen, memory, now);
  }
}

const isDue = ({ due_at }: RemediationRow, now: Instant) => due_at === undefined || due_at <= now;

function waiting(row: RemediationRow, action: Action | undefined, seen: Seen, memory: Memory, now: Instant): Move {
  const { line } = memory;
  const begun = row.started_at !== undefined;
  const well = isWell(row, seen);
  if (well !== undefined) return { do: "end", outcome: begun ? "succeeded" : "not_needed", why: well };
  if (!begun && line?.last?.policy === row.policy && line.last.ended_at >= row.opened_at)
    return { do: "end", outcome: "not_needed", why: "the same was just seen to" };
  if (row.takes_up !== undefined && seen.taken_by !== undefined)
    return { do: "end", outcome: "not_needed", why: `${seen.taken_by} has taken it on` };
  if (!isDue(row, now)) return { do: "nothing" };
  const lacking = begun ? undefined : lackedBy(row);
  if (lacking !== undefined) return { do: "end", outcome: "refused", why: lacking };
  if (line?.open !== undefined && line.open.remediation_id !== row.remediation_id)
    return { do: "wait", until: now + HELD_MS };
  if (action === undefined) return atTheEnd(row);
  if (action.type === "escalate") return { do: "escalate", why: escalatedBecause(row) };
  const fit = fitOf(action.type, row, seen);
  if (fit.is === "pass") return { do: "pass", action, why: fit.why };
  if (seen.mass_silence && row.target.kind === "agent" && remedies[action.type].mends)
    return { do: "wait", until: now + HELD_MS };
  const held = begun ? undefined : heldBack(row, memory, now);
  return held ?? { do: "act", action, under_way: fit.is === "under_way" };
}

/** By hand somebody has a reason; else its policy says that nobody here can mend it. */
const escalatedBecause = ({ cause }: RemediationRow) =>
  cause.reason === undefined ? "its policy says so" : `${cause.by} asks for it: ${cause.reason}`;

/** Why it may not be done in whose name it would be: nobody has done by an alert what he may not do by hand. */
function lackedBy({ terms, cause }: RemediationRow): string | undefined {
  const beyond = terms.actions
    .map(({ type }) => ({ type, takes: remedies[type].authority }))
    .filter(({ takes }) => !hasAuthority(terms, takes));
  const [highest] = beyond.sort((one, other) => AUTHORITY[other.takes] - AUTHORITY[one.takes]);
  return (
    highest &&
    `${highest.type} takes the authority ${highest.takes}, and ${terms.authority} is that of ${cause.brought_by?.id ?? cause.by}`
  );
}

/** What stands against beginning at all. */
function heldBack(
  { terms, policy, takes_up }: RemediationRow,
  { line, fleet, active }: Memory,
  now: Instant,
): Move | undefined {
  const { limits } = terms;
  if (limits === undefined) return undefined;
  const { per_target, per_fleet, cooldown_ms } = limits;
  const often = countOf(line?.begun[policy] ?? [], per_target.window_ms, now);
  if (often >= mostOf(per_target, active)) {
    const why = `${timesBegun(often, per_target.window_ms)} on it, and ${policy} may ${mostInWords(per_target, active)}`;
    return { do: "escalate", why, once: { of: "target", window_ms: per_target.window_ms } };
  }
  const all = countOf(fleet?.begun ?? [], per_fleet.window_ms, now);
  if (all >= mostOf(per_fleet, active)) {
    const again_at = roomFrom(per_fleet, fleet?.begun ?? [], active, now);
    // It was handed on before. Who is faster takes the room, and the others wait for the next.
    if (takes_up !== undefined && again_at !== undefined) return { do: "wait", until: again_at };
    const why = `${timesBegun(all, per_fleet.window_ms)}, and ${policy} may ${mostInWords(per_fleet, active)}`;
    return { do: "escalate", why, once: { of: "fleet", window_ms: per_fleet.window_ms }, again_at };
  }
  const until = restsUntil(line?.toil, cooldown_ms, now);
  return until > now ? { do: "wait", until } : undefined;
}

const timesBegun = (times: number, window_ms: number) =>
  `${times} ${times === 1 ? "remediation" : "remediations"} begun within ${window_ms / 1000} s`;

/** Every action was taken or passed over. */
function atTheEnd({ steps, attempts, terms }: RemediationRow): Move {
  const tried = steps.filter(({ outcome }) => outcome !== "skipped");
  if (tried.length === 0) {
    const why = steps.map(({ action, why }) => `${action}: ${why}`).join("; ");
    return { do: "end", outcome: "not_needed", why };
  }
  if (attempts === 0) return { do: "end", outcome: "succeeded", why: "every step was taken" };
  return afterFailure(steps, terms.escalation !== undefined);
}

/** What follows a step that did not help: the next one after a pause, or the end of patience. */
export function afterFailedStep(
  { terms, step, steps }: Pick<RemediationRow, "terms" | "step" | "steps">,
  line: Pick<RemediationLineRow, "failures" | "toil">,
  now: Instant,
): Extract<Move, { do: "wait" | "escalate" | "end" }> {
  const { escalation } = terms;
  if (step + 1 >= terms.actions.length) return afterFailure(steps, escalation !== undefined);
  const failures = escalation === undefined ? 0 : countOf(line.failures, escalation.within_ms, now);
  if (escalation !== undefined && failures >= escalation.after_attempts)
    return { do: "escalate", why: `${failures} attempts on it did not help` };
  return { do: "wait", until: now + backoffAfter(countedToil(line.toil, now)?.times ?? 1) };
}

function afterFailure(steps: RemediationRow["steps"], escalates: boolean): Extract<Move, { do: "escalate" | "end" }> {
  const tried = steps.filter(({ outcome }) => outcome !== "skipped").map(({ action }) => action);
  const why = `not mended by ${tried.join(", ")}`;
  return escalates ? { do: "escalate", why } : { do: "end", outcome: "failed", why };
}
