import type { Instant } from "@omoios/kernel/clock";
import type { Done } from "./act.ts";
import { fitOf } from "./judge.ts";
import { afterFailedStep, type Memory, type Move } from "./ladder.ts";
import type { RemediationRow, Seen } from "./model.ts";
import { takenUp } from "./open.ts";
import type { Action } from "./policy.ts";
import { remedies } from "./remedies.ts";
import { awaiting, begin, ended, newLine, postponed, stepped, type Turn, withFailure } from "./transitions.ts";

/** When it is, and for how many days a remediation is shown after its end. */
export interface Moment {
  now: Instant;
  days: number;
}

/** What a move makes of the rows, but for an action, which is done between two writes. Nothing where there is nothing to write. */
export function turnOf(
  row: RemediationRow,
  memory: Memory,
  move: Exclude<Move, { do: "act"; under_way: false }>,
  at: Moment,
): Turn | undefined {
  switch (move.do) {
    case "nothing":
      return undefined;
    case "wait":
      return postponed(row, move.until);
    case "pass":
      return stepped(row, move.action, { outcome: "skipped", why: move.why }, at.now);
    case "act": {
      // Somebody has done it: its effect is waited for as if the watchdog had.
      const begun = begin(row, move.action, memory, at.now);
      return { ...begun, row: awaiting(begun.row, move.action, at.now).row };
    }
    case "verified": {
      const turn = stepped(row, move.action, { outcome: "done", why: "its effect was seen" }, at.now);
      return over(turn, memory, { outcome: "succeeded", why: `${move.action.type} helped` }, at);
    }
    case "unverified": {
      const why = `no effect was seen within ${move.action.verify_within_ms / 1000} s`;
      return failed(row, memory, move.action, { outcome: "not_verified", why }, at);
    }
    case "stuck":
      return failed(row, memory, move.action, { outcome: "failed", why: "it came to no end" }, at);
    case "end":
      return over({ row, events: [] }, memory, move, at);
    case "stop":
      return stopped(row, memory, move, at);
    case "escalate":
      return handedOn({ row, events: [] }, memory, move, at);
  }
}

/** What follows from what came of an action. */
export function turnAfter(row: RemediationRow, memory: Memory, action: Action, done: Done, at: Moment): Turn {
  if (done.is === "later") return postponed(row, done.until);
  if (done.is === "failed") return failed(row, memory, action, { outcome: "failed", why: done.why }, at);
  const { why, events = [] } = done;
  const known = { ...row, ...done.row };
  if (action.verify_within_ms > 0) return { ...awaiting(known, action, at.now), events };
  const turn = stepped(known, action, { outcome: "done", why }, at.now);
  const last = remedies[action.type].mends
    ? over(turn, memory, { outcome: "succeeded", why: `${action.type}: ${why}` }, at)
    : turn;
  return { ...last, events: [...events, ...last.events] };
}

/** It ends where it is. What a step has begun goes on without it. */
export function stopped(
  row: RemediationRow,
  memory: Pick<Memory, "line">,
  how: { outcome: "stopped" | "disabled"; why: string },
  at: Moment,
): Turn {
  const action = row.status === "waiting" ? undefined : row.terms.actions[row.step];
  const said = { outcome: "stopped", why: "its effect was not waited for" } as const;
  return over(action === undefined ? { row, events: [] } : stepped(row, action, said, at.now), memory, how, at);
}

/** What a dry run says instead of doing it: each action as it would be taken now, were those before it in vain. */
export function rehearsed(row: RemediationRow, memory: Memory, seen: Seen, move: Move, at: Moment): Turn {
  const steps = row.terms.actions.map(({ type: action }) => {
    const fit = fitOf(action, row, seen);
    const [outcome, why] =
      fit.is === "pass" ? (["skipped", fit.why] as const) : (["dry_run", "would be done"] as const);
    return { action, outcome, why, started_at: at.now, ended_at: at.now };
  });
  if (move.do === "end") return over({ row, events: [] }, memory, move, at);
  const whole = { row: { ...row, steps: move.do === "escalate" ? [] : steps }, events: [] };
  const why = move.do === "escalate" ? `would be handed on: ${move.why}` : "says what it would do";
  return over(whole, memory, { outcome: "dry_run", why }, at);
}

function failed(
  before: RemediationRow,
  memory: Memory,
  action: Action,
  said: { outcome: "failed" | "not_verified"; why: string },
  at: Moment,
): Turn {
  const turn = stepped(before, action, said, at.now);
  const line = withFailure(before, memory.line ?? newLine(before.line), at.now);
  const follows = afterFailedStep({ ...turn.row, step: before.step }, line, at.now);
  const remembered = { ...memory, line };
  if (follows.do === "wait") return { ...turn, row: postponed(turn.row, follows.until).row, line };
  if (follows.do === "escalate") return { line, ...handedOn(turn, remembered, follows, at) };
  return { line, ...over(turn, remembered, follows, at) };
}

function over(turn: Turn, { line }: Pick<Memory, "line">, how: Parameters<typeof ended>[2], at: Moment): Turn {
  const last = ended(turn.row, line, how, at);
  return { ...last, events: [...turn.events, ...last.events] };
}

/**
 * It is handed on. What passed a limit is handed on once within the limit's window, as the case is the same; above the fleet's it is taken
 * up again when there is room.
 */
function handedOn(
  turn: Turn,
  memory: Memory,
  { why, once, again_at }: Extract<Move, { do: "escalate" }>,
  at: Moment,
): Turn {
  const { policy, terms, line } = turn.row;
  const next = again_at === undefined ? {} : { next: takenUp(turn.row, again_at, at.now) };
  const last = { ...over(turn, memory, { outcome: "escalated", why }, at), ...next };
  const known = last.line ?? memory.line ?? newLine(line);
  const fleet = memory.fleet ?? { version: 0, policy, begun: [] };
  const since = once && (once.of === "fleet" ? fleet.escalated_at : known.escalated?.[policy]);
  if (once !== undefined && since !== undefined && at.now - since < once.window_ms) return last;
  const { brought_by } = turn.row.cause;
  const data = {
    to: terms.escalation?.to ?? "guardian",
    ...(brought_by && { brought_by }),
    ...(once && { limit: once.of }),
  };
  const said = { ...last, events: [...last.events, { type: "watchdog.escalation" as const, data }] };
  if (once?.of === "fleet") return { ...said, fleet: { ...fleet, escalated_at: at.now } };
  if (once?.of === "target")
    return { ...said, line: { ...known, escalated: { ...known.escalated, [policy]: at.now } } };
  return said;
}
