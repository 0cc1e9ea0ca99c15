import type { Phase, Workflow } from "./workflow.ts";

/** The phase of that id, if the workflow has it. */
export function phaseOf(workflow: Workflow, id: string): Phase | undefined {
  return workflow.phases.find((phase) => phase.id === id);
}

/** Where tickets wait before work begins: the first phase in order. */
export function initialPhase<P extends { order: number }>(workflow: { phases: readonly P[] }): P {
  return workflow.phases.reduce((first, phase) => (phase.order < first.order ? phase : first));
}

/** A phase in which agents work: it makes tasks or has a gate. */
export function isWorking(phase: Phase): boolean {
  return !phase.terminal && (phase.gate !== undefined || phase.task_templates.length > 0);
}

/** A passed gate moves a ticket on by itself; a phase without one is left by a transition only. */
export function movesByItself(phase: Phase): boolean {
  return !phase.terminal && phase.gate !== undefined;
}

/** Where a ticket may go, in the workflow's order: what the phase allows, and what lies right behind a phase that may be skipped. */
export function allowedTargets(workflow: Workflow, from: Phase): Phase[] {
  const allowed = new Set<Phase>();
  const pending = [from];
  for (let phase = pending.pop(); phase !== undefined; phase = pending.pop()) {
    for (const id of phase.allowed_transitions) {
      const target = phaseOf(workflow, id);
      // Behind a skipped phase the way goes on, never back.
      const behind = phase === from || (target !== undefined && target.order > phase.order);
      if (!target || target === from || !behind || allowed.has(target)) continue;
      allowed.add(target);
      if (target.skippable && target.order > from.order) pending.push(target);
    }
  }
  return [...allowed].sort((a, b) => a.order - b.order);
}

type Direction = "forward" | "backward";

export function direction(from: Phase, to: Phase): Direction {
  return to.order > from.order ? "forward" : "backward";
}

/**
 * The phase to which a passed gate leads: of those that `from` allows, the first in order behind it. A skippable phase that makes
 * no task for the ticket is passed over. `undefined` where nothing lies ahead.
 * @param makesTasks whether a phase's templates make at least one task for the ticket
 */
export function nextPhase(
  workflow: Workflow,
  from: Phase,
  makesTasks: (phase: Phase) => boolean = () => true,
): Phase | undefined {
  const ahead = from.allowed_transitions
    .flatMap((id) => phaseOf(workflow, id) ?? [])
    .filter((phase) => phase.order > from.order)
    .sort((a, b) => a.order - b.order);
  const next = ahead[0];
  if (next === undefined || !next.skippable || makesTasks(next)) return next;
  return nextPhase(workflow, next, makesTasks) ?? next;
}

/** `allowed_targets` are the ids of all phases to which the table leads from here. */
type TransitionCheck = { allowed_targets: string[] } & (
  | { allowed: true; to: Phase; direction: Direction }
  | { allowed: false; unknown: boolean; why: string }
);

/** Whether the table lets a ticket go from one phase to another. Gate and WIP limit are judged apart; `force` never skips the table. */
export function checkTransition(workflow: Workflow, from: Phase, toId: string): TransitionCheck {
  const targets = allowedTargets(workflow, from);
  const allowed_targets = targets.map(({ id }) => id);
  const to = phaseOf(workflow, toId);
  if (to === undefined || !targets.includes(to)) {
    return { allowed: false, unknown: to === undefined, why: refusal(workflow, from, toId, to), allowed_targets };
  }
  return { allowed: true, to, direction: direction(from, to), allowed_targets };
}

function refusal(workflow: Workflow, from: Phase, toId: string, to: Phase | undefined): string {
  if (to === undefined) return `The workflow ${workflow.id} has no phase ${toId}.`;
  if (to === from) return `The ticket stands in ${from.id} already.`;
  if (from.terminal) return `${from.id} is the end: nothing leads out of it.`;
  return `${from.id} does not lead to ${to.id}.`;
}
