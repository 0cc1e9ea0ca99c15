import type { RemediationOutcome, StepOutcome } from "@omoios/contracts/shapes/watchdog";
import type { Instant } from "@omoios/kernel/clock";
import type { Change, EventDraft } from "../commit.ts";
import { expiryInDays } from "../expiry.ts";
import type { Memory } from "./ladder.ts";
import type { RemediationFleetRow, RemediationLineRow, RemediationRow } from "./model.ts";
import type { Action } from "./policy.ts";
import { oneMore } from "./rate-limit.ts";
import { remedies } from "./remedies.ts";
import { toiledAgain, wellAgain } from "./rest.ts";

/** What a step of a remediation makes of the rows that it concerns. */
export interface Turn {
  row: RemediationRow;
  line?: RemediationLineRow;
  fleet?: RemediationFleetRow;
  /** What is made beside it, and is due later. */
  next?: RemediationRow;
  events: readonly EventDraft[];
}

/** How long a step may take before it counts as left behind by a process that died. */
const ACTING_MS = 90_000;
/** A line and a fleet are remembered for longer than any pause, and not for ever. */
const REMEMBERED_DAYS = 8;

/** The line as nothing is known of it. */
export const newLine = (line: string): RemediationLineRow => ({ version: 0, line, begun: {}, failures: [] });

/** A step is begun: from now on nobody else works on the target. */
export function begin(row: RemediationRow, action: Action, memory: Memory, now: Instant): Turn {
  const { policy, terms } = row;
  const { limits } = terms;
  const known = memory.line ?? newLine(row.line);
  const first = row.started_at === undefined;
  const counts = first && limits !== undefined;
  const begun = counts
    ? { ...known.begun, [policy]: oneMore(known.begun[policy] ?? [], limits.per_target.window_ms, now) }
    : known.begun;
  const line: RemediationLineRow = {
    ...known,
    open: { remediation_id: row.remediation_id, policy },
    begun,
    ttl: expiryInDays(now, REMEMBERED_DAYS),
    ...(remedies[action.type].mends ? { toil: toiledAgain(known.toil, now) } : {}),
  };
  const before = memory.fleet ?? { version: 0, policy, begun: [] };
  const tries = row.status === "acting" ? (row.tries ?? 0) + 1 : 1;
  return {
    row: { ...row, status: "acting", started_at: row.started_at ?? now, acted_at: now, tries, due_at: now + ACTING_MS },
    line,
    ...(counts
      ? {
          fleet: {
            ...before,
            begun: oneMore(before.begun, limits.per_fleet.window_ms, now),
            ttl: expiryInDays(now, REMEMBERED_DAYS),
          },
        }
      : {}),
    events: first ? [{ type: "watchdog.remediation.started", data: { action: action.type } }] : [],
  };
}

/** The step is over like this, and the next one is looked at then. */
export function stepped(
  row: RemediationRow,
  action: Action,
  { outcome, why }: { outcome: StepOutcome; why: string },
  now: Instant,
): Turn {
  const taken = { action: action.type, outcome, why, started_at: row.acted_at ?? now, ended_at: now };
  const failed = outcome === "failed" || outcome === "not_verified";
  const events: EventDraft[] =
    outcome === "skipped" ? [] : [{ type: "watchdog.action.completed", data: { action: action.type, outcome } }];
  return {
    row: {
      ...row,
      status: "waiting",
      step: row.step + 1,
      steps: [...row.steps, taken],
      attempts: row.attempts + (failed ? 1 : 0),
      acted_at: undefined,
      tries: undefined,
      due_at: now,
    },
    events,
  };
}

/** The line with one more step that did not help. */
export function withFailure(row: RemediationRow, line: RemediationLineRow, now: Instant): RemediationLineRow {
  const { escalation } = row.terms;
  return escalation === undefined ? line : { ...line, failures: oneMore(line.failures, escalation.within_ms, now) };
}

/** What was begun waits for its effect. */
export function awaiting(row: RemediationRow, { verify_within_ms }: Action, now: Instant): Turn {
  return {
    row: { ...row, status: "verifying", tries: undefined, due_at: (row.acted_at ?? now) + verify_within_ms },
    events: [],
  };
}

/** It is looked at again then. */
export function postponed(row: RemediationRow, until: Instant): Turn {
  return { row: { ...row, status: "waiting", acted_at: undefined, tries: undefined, due_at: until }, events: [] };
}

/** It is over. Of what was never begun nobody is told. */
export function ended(
  row: RemediationRow,
  line: RemediationLineRow | undefined,
  { outcome, why }: { outcome: RemediationOutcome; why: string },
  { now, days }: { now: Instant; days: number },
): Turn {
  const told = row.started_at !== undefined || outcome !== "not_needed";
  const { open, ...rest } = line ?? newLine(row.line);
  const its = open?.remediation_id === row.remediation_id;
  const last = { policy: row.policy, ended_at: now, remediation_id: row.remediation_id };
  const well = outcome === "succeeded" && rest.toil !== undefined ? { toil: wellAgain(rest.toil, now) } : {};
  return {
    row: {
      ...row,
      status: "ended",
      outcome,
      why,
      ended_at: now,
      acted_at: undefined,
      tries: undefined,
      due_at: undefined,
      ttl: expiryInDays(now, days),
    },
    ...(its ? { line: { ...rest, ...well, open: undefined, last } } : {}),
    events: told ? [{ type: "watchdog.remediation.completed" }] : [],
  };
}

/** The changes that a turn is written by: all of them, or none where somebody was faster. */
export function changesOf(
  before: RemediationRow,
  memory: Partial<Memory>,
  { row, line, fleet, next, events }: Turn,
): Change[] {
  const changes: Change[] = [{ kind: "remediation", before, after: row, events }];
  if (line !== undefined)
    changes.push({ kind: "remediation_line", ...(memory.line && { before: memory.line }), after: line, renews: true });
  if (fleet !== undefined)
    changes.push({
      kind: "remediation_fleet",
      ...(memory.fleet && { before: memory.fleet }),
      after: fleet,
      renews: true,
    });
  if (next !== undefined) changes.push({ kind: "remediation", after: next });
  return changes;
}
