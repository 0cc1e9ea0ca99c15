import { duplicates, unknownName } from "../config/names.ts";
import type { ConfigIssue, ConfigPath } from "../config/positions.ts";
import { entriesOf, type IsUnsure, type Parts, whole } from "../config/well-formed.ts";
import { criterionFaults } from "./criterion.ts";
import { checkTemplates } from "./template-checks.ts";
import { initialPhase } from "./transitions.ts";
import type { Phase, Workflow } from "./workflow.ts";

/** What the parts of a workflow owe each other, of those whose form is right. Returns every fault with its path. */
export function checkWorkflow(workflow: Parts<Workflow> | undefined, isUnsure: IsUnsure): ConfigIssue[] {
  const phases = entriesOf(workflow?.phases);
  const columns = entriesOf(workflow?.columns);
  const known: Known = {
    phases: whole(workflow?.phases),
    columnIds: columns.length === 0 ? undefined : whole(workflow?.columns?.map((column) => column?.id)),
    isUnsure,
  };
  return [
    ...duplicates(phases.map(({ entry: { id }, index }) => ({ name: id, path: ["phases", index, "id"] }))),
    ...duplicates(phases.map(({ entry: { order }, index }) => ({ name: order, path: ["phases", index, "order"] }))),
    ...duplicates(columns.map(({ entry: { id }, index }) => ({ name: id, path: ["columns", index, "id"] }))),
    ...phases.flatMap(({ entry, index }) => checkPhase(known, entry, ["phases", index])),
    ...checkEnd(known),
    ...checkBegin(known),
    ...checkReach(known),
  ];
}

/** What others may refer to; absent where an entry is missing, since it might be the one that is looked for. */
interface Known {
  phases: Parts<Phase>[] | undefined;
  columnIds: string[] | undefined;
  isUnsure: IsUnsure;
}

function checkPhase(known: Known, phase: Parts<Phase>, path: ConfigPath): ConfigIssue[] {
  const { phases, columnIds, isUnsure } = known;
  const phaseIds = whole(phases?.map(({ id }) => id));
  const targets = entriesOf(phase.allowed_transitions).map(({ entry: name, index }) => ({
    name,
    path: [...path, "allowed_transitions", index],
  }));
  return [
    ...unknownName("column", phase.column, columnIds, [...path, "column"]),
    ...targets.flatMap(({ name, path: at }) => unknownName("phase", name, phaseIds, at)),
    ...targets.flatMap(({ name, path: at }) =>
      name === phase.id ? [{ path: at, message: "a phase cannot lead to itself" }] : [],
    ),
    ...duplicates(targets),
    ...checkWays(known, phase, path),
    ...checkCriteria(phase, path, isUnsure),
    ...checkTemplates(phase, path, isUnsure),
  ];
}

/** A terminal phase leads nowhere and asks for nothing; from any other a ticket must be able to go on. */
function checkWays({ phases, isUnsure }: Known, phase: Parts<Phase>, path: ConfigPath): ConfigIssue[] {
  if (phase.terminal) {
    const has = [
      phase.allowed_transitions?.length ? "allowed_transitions" : [],
      phase.task_templates?.length ? "task_templates" : [],
      phase.gate !== undefined ? "gate" : [],
    ].flat();
    return has.map((key) => ({
      path: [...path, key],
      at: "key",
      message: `a terminal phase has no ${key}: leave it out`,
    }));
  }
  const at = [...path, "allowed_transitions"];
  if (phase.terminal === undefined || isUnsure(at)) return [];
  const orders = whole(phase.allowed_transitions?.map((id) => phases?.find((other) => other.id === id)?.order));
  const { order } = phase;
  if (orders === undefined || order === undefined || orders.some((target) => target > order)) return [];
  const message = `nothing leads on from ${phase.id ?? "this phase"}: allow a phase with a higher order, or make it terminal`;
  return [{ path: at, message }];
}

function checkCriteria({ gate }: Parts<Phase>, path: ConfigPath, isUnsure: IsUnsure): ConfigIssue[] {
  return entriesOf(gate?.criteria).flatMap(({ entry, index }) => {
    const at = [...path, "gate", "criteria", index];
    const says = (member: keyof typeof entry) => entry[member] !== undefined || isUnsure([...at, member]);
    return criterionFaults(entry, says).map((message) => ({ path: at, message }));
  });
}

function checkEnd({ phases }: Known): ConfigIssue[] {
  const ends = whole(phases?.map(({ terminal }) => terminal));
  if (ends === undefined || ends.some((terminal) => terminal)) return [];
  return [{ path: ["phases"], at: "key", message: "no phase is terminal: a ticket could never be done" }];
}

function checkBegin({ phases }: Known): ConfigIssue[] {
  const first = firstOf(phases);
  if (first === undefined || first.phase.terminal) return [];
  const has = [first.phase.task_templates?.length ? "task_templates" : [], first.phase.gate ? "gate" : []].flat();
  return has.map((key) => ({
    path: ["phases", first.index, key],
    at: "key",
    message: `the first phase is where tickets wait: leave out its ${key}`,
  }));
}

/** The first phase in order, where every order is known. */
function firstOf(phases: Known["phases"]): { phase: Parts<Phase>; index: number } | undefined {
  const ordered = whole(
    phases?.map((phase, index) => (phase.order === undefined ? undefined : { phase, index, order: phase.order })),
  );
  return ordered?.length ? initialPhase({ phases: ordered }) : undefined;
}

function checkReach({ phases, isUnsure }: Known): ConfigIssue[] {
  const first = firstOf(phases)?.phase.id;
  const ways = whole(
    phases?.map(({ id, allowed_transitions }, index) =>
      id === undefined || isUnsure(["phases", index, "allowed_transitions"])
        ? undefined
        : { id, targets: whole(allowed_transitions) ?? [] },
    ),
  );
  if (first === undefined || ways === undefined) return [];
  // An unknown target is a fault already, and what lies behind it would only seem out of reach.
  if (ways.some(({ targets }) => targets.some((target) => ways.every(({ id }) => id !== target)))) return [];
  const reached = new Set([first]);
  // A set is walked while it grows, which makes this a search through the whole table.
  for (const from of reached) {
    for (const target of ways.find(({ id }) => id === from)?.targets ?? []) reached.add(target);
  }
  return ways.flatMap(({ id }, index) =>
    reached.has(id) ? [] : [{ path: ["phases", index, "id"], message: `${id} cannot be reached from ${first}` }],
  );
}
