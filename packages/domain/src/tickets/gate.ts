import { artifactType } from "@omoios/contracts/shapes/artifact";
import type { Verdict } from "@omoios/contracts/shapes/ticket";
import type { BlockingReason } from "@omoios/contracts/views/ticket";
import * as z from "zod";
import { criterion, type Evidence, judgeCriterion } from "./criterion.ts";

/** What a phase demands before a ticket may go on: these artifacts, and that these criteria hold; an artifact that a criterion names is demanded too. */
export const gate = z.strictObject({
  artifacts: z.array(artifactType).max(20).default([]),
  criteria: z.array(criterion).max(50).default([]),
});
export type Gate = z.infer<typeof gate>;

/** How the tasks of a visit stand. One that was cancelled with a reason counts as completed: both let the gate go. */
export interface VisitTasks {
  total: number;
  completed: number;
  failed: number;
}

export interface Judgement {
  verdict: Verdict;
  blocking_reasons: BlockingReason[];
}

/**
 * Judges a gate on what was handed in during this visit.
 * @param evidence the visit's artifacts, oldest first, each in its newest revision
 * @returns the first that holds of waiting_tasks, blocked, failed, passed, with every reason of all three kinds; a phase without a gate passes
 */
export function judgeGate(asked: Gate | undefined, evidence: readonly Evidence[], tasks: VisitTasks): Judgement {
  if (asked === undefined) return { verdict: "passed", blocking_reasons: [] };
  const waiting = taskReasons(tasks);
  const needed = [...new Set([...asked.artifacts, ...asked.criteria.map(({ artifact }) => artifact)])];
  const isThere = (type: string) => evidence.some((artifact) => artifact.type === type);
  const missing = needed.filter((type) => !isThere(type)).map(missingArtifact);
  // A missing artifact is one reason, and its criteria do not repeat it.
  const judged = asked.criteria.filter(({ artifact }) => isThere(artifact));
  const failed = judged.flatMap((one) => {
    const artifacts = evidence.filter(({ type }) => type === one.artifact);
    return judgeCriterion(one, artifacts) ?? [];
  });
  return { verdict: verdictOf(waiting, missing, failed), blocking_reasons: [...waiting, ...missing, ...failed] };
}

function verdictOf(waiting: BlockingReason[], missing: BlockingReason[], failed: BlockingReason[]): Verdict {
  if (waiting.length > 0) return "waiting_tasks";
  if (missing.length > 0) return "blocked";
  return failed.length > 0 ? "failed" : "passed";
}

function taskReasons({ total, completed, failed }: VisitTasks): BlockingReason[] {
  if (total === 0) {
    const message = "the phase has no task yet: generate its tasks, or add one";
    return [{ criterion: "tasks", expected: "at least one task of this visit", actual: 0, message }];
  }
  const open = total - completed - failed;
  if (open + failed === 0) return [];
  const parts = [
    open > 0 ? `${open} of ${total} tasks ${open === 1 ? "is" : "are"} open` : [],
    failed > 0
      ? `${failed} of ${total} tasks failed: retry what failed; what is not wanted any more is retried and then cancelled, with a reason`
      : [],
  ];
  const expected = "every task completed, or cancelled with a reason";
  return [{ criterion: "tasks", expected, actual: { open, failed }, message: parts.flat().join(", ") }];
}

function missingArtifact(type: string): BlockingReason {
  return {
    artifact: type,
    expected: "handed in during this visit",
    actual: null,
    message: `the artifact ${type} was not handed in during this visit`,
  };
}
