import { duplicates, unknownName } from "../config/names.ts";
import type { ConfigIssue, ConfigPath } from "../config/positions.ts";
import { checkTemplates } from "./template-checks.ts";
import { initialPhase, phaseOf } from "./transitions.ts";
import type { Phase, Workflow } from "./workflow.ts";

/** What the parts of a workflow owe each other. Returns every fault with its path. */
export function checkWorkflow(workflow: Workflow): ConfigIssue[] {
  const { phases, columns } = workflow;
  return [
    ...duplicates(phases.map(({ id }, index) => ({ name: id, path: ["phases", index, "id"] }))),
    ...duplicates(phases.map(({ order }, index) => ({ name: String(order), path: ["phases", index, "order"] }))),
    ...duplicates(columns.map(({ id }, index) => ({ name: id, path: ["columns", index, "id"] }))),
    ...phases.flatMap((phase, index) => checkPhase(workflow, phase, ["phases", index])),
    ...checkEnds(workflow),
    ...checkReach(workflow),
  ];
}

function checkPhase(workflow: Workflow, phase: Phase, path: ConfigPath): ConfigIssue[] {
  const phaseIds = workflow.phases.map(({ id }) => id);
  const columnIds = workflow.columns.map(({ id }) => id);
  const targets = phase.allowed_transitions.map((name, place) => ({
    name,
    path: [...path, "allowed_transitions", place],
  }));
  return [
    ...unknownName("column", phase.column, columnIds, [...path, "column"]),
    ...targets.flatMap(({ name, path: at }) => unknownName("phase", name, phaseIds, at)),
    ...targets.flatMap(({ name, path: at }) =>
      name === phase.id ? [{ path: at, message: "a phase cannot lead to itself" }] : [],
    ),
    ...duplicates(targets),
    ...checkWays(workflow, phase, path),
    ...checkTemplates(phase, path),
  ];
}

/** A terminal phase leads nowhere and asks for nothing; from any other a ticket must be able to go on. */
function checkWays(workflow: Workflow, phase: Phase, path: ConfigPath): ConfigIssue[] {
  if (phase.terminal) {
    const has = [
      phase.allowed_transitions.length > 0 ? "allowed_transitions" : [],
      phase.task_templates.length > 0 ? "task_templates" : [],
      phase.gate !== undefined ? "gate" : [],
    ].flat();
    return has.map((key) => ({
      path: [...path, key],
      at: "key",
      message: `a terminal phase has no ${key}: leave it out`,
    }));
  }
  const unknown = phase.allowed_transitions.some((id) => phaseOf(workflow, id) === undefined);
  const onward = phase.allowed_transitions.some((id) => (phaseOf(workflow, id)?.order ?? -1) > phase.order);
  if (onward || unknown) return [];
  return [
    {
      path: [...path, "allowed_transitions"],
      message: `nothing leads on from ${phase.id}: allow a phase with a higher order, or make it terminal`,
    },
  ];
}

function checkEnds(workflow: Workflow): ConfigIssue[] {
  const issues: ConfigIssue[] = [];
  if (!workflow.phases.some(({ terminal }) => terminal)) {
    issues.push({ path: ["phases"], at: "key", message: "no phase is terminal: a ticket could never be done" });
  }
  const first = initialPhase(workflow);
  const path = ["phases", workflow.phases.indexOf(first)];
  for (const key of ["task_templates", "gate"] as const) {
    const given = key === "gate" ? first.gate !== undefined : first.task_templates.length > 0;
    if (!given || first.terminal) continue;
    issues.push({
      path: [...path, key],
      at: "key",
      message: `the first phase is where tickets wait: leave out its ${key}`,
    });
  }
  return issues;
}

function checkReach(workflow: Workflow): ConfigIssue[] {
  // An unknown target is a fault already, and what lies behind it would only seem out of reach.
  const targets = workflow.phases.flatMap(({ allowed_transitions }) => allowed_transitions);
  if (targets.some((id) => phaseOf(workflow, id) === undefined)) return [];
  const first = initialPhase(workflow);
  const reached = new Set([first.id]);
  // A set is walked while it grows, which makes this a search through the whole table.
  for (const id of reached) {
    for (const target of phaseOf(workflow, id)?.allowed_transitions ?? []) reached.add(target);
  }
  return workflow.phases.flatMap(({ id }, index) =>
    reached.has(id) ? [] : [{ path: ["phases", index, "id"], message: `${id} cannot be reached from ${first.id}` }],
  );
}
