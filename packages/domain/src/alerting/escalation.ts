import type { Instant } from "@omoios/kernel/clock";
import { gateOf, heldUntil, isHeld } from "./gates.ts";
import type { Group, Member } from "./group.ts";
import type { LogEntry } from "./log.ts";
import type { Escalation, Route } from "./routing.ts";

/** A step of the whole escalation, its loops laid end to end. */
interface Stage {
  receiver: string;
  /** From the step before it, or from the begin. */
  delay_ms: number;
  words: string;
}

/** An alert's escalation after a look at it. */
export interface Advanced {
  member: Member;
  /** Who is told now, whether or not there is news. */
  receivers: readonly string[];
  entries: readonly LogEntry[];
}

/**
 * Takes the steps that are due. While the alert is acknowledged none is, but the first where it has risen since; when that has lapsed, the current step is sent again, and the next
 * follows at its distance from there. A step that comes late is not caught up with the next one at once.
 */
export function advance(group: Group, member: Member, route: Route, now: Instant): Advanced {
  const escalation = route.escalation;
  const first = escalation?.steps[0];
  const rest: Advanced = { member: member.lapsed ? { ...member, lapsed: false } : member, receivers: [], entries: [] };
  if (escalation === undefined || first === undefined || isHeld(member)) return rest;
  if (member.steps === undefined && gateOf(group, route, first.receiver) > now) return rest;
  let steps = member.steps ?? { sent: 0, at: now };
  const due: Stage[] = [];
  const current = member.lapsed ? stageOf(escalation, steps.sent - 1) : undefined;
  if (current !== undefined) {
    due.push({ ...current, words: `${current.words} again, as the acknowledgement lapsed` });
    steps = { ...steps, at: now };
  }
  for (;;) {
    const stage = stageOf(escalation, steps.sent);
    if (stage === undefined || dueAt(member, route, steps, stage) > now) break;
    due.push(stage);
    steps = { sent: steps.sent + 1, at: now };
    if (member.acknowledged) break;
  }
  const entries = due.map(({ words }) => ({
    alert_id: member.alert_id,
    at: now,
    decision: "escalated" as const,
    why: words,
  }));
  return { member: { ...rest.member, steps }, receivers: due.map(({ receiver }) => receiver), entries };
}

/** When the next step is due; `undefined` where none is left or an acknowledgement holds it. */
export function nextStepAt(group: Group, member: Member, route: Route): Instant | undefined {
  const { escalation } = route;
  if (escalation === undefined || isHeld(member)) return undefined;
  const stage = stageOf(escalation, member.steps?.sent ?? 0);
  if (stage === undefined) return undefined;
  if (member.steps === undefined)
    return Math.max(gateOf(group, route, stage.receiver), heldUntil(member, route, stage.receiver));
  return dueAt(member, route, member.steps, stage);
}

const dueAt = (member: Member, route: Route, { at }: { at: Instant }, { delay_ms, receiver }: Stage) =>
  Math.max(at + delay_ms, heldUntil(member, route, receiver));

/** The n-th stage from 0 on. A round begins as long after the last step as its steps lie apart at most. */
function stageOf({ steps, loops }: Escalation, n: number): Stage | undefined {
  const index = n % steps.length;
  const step = steps[index];
  if (step === undefined || n < 0 || n >= steps.length * loops) return undefined;
  const after = (at: number) => steps[at]?.after_ms ?? 0;
  const between = after(index) - after(index - 1);
  const pause = index === 0 && n > 0 ? Math.max(...steps.map((_, place) => after(place) - after(place - 1))) : 0;
  const loop = Math.floor(n / steps.length);
  const words = `step ${index + 1} of ${steps.length}${loop === 0 ? "" : `, round ${loop + 1}`}, to ${step.receiver}`;
  return { receiver: step.receiver, delay_ms: between + pause, words };
}
