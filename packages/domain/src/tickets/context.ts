import { jsonBytes } from "@omoios/contracts/shapes/size";
import type { TaskContext } from "@omoios/contracts/views/task";
import { collectOutput, distinct } from "./collect.ts";
import { cutHandoff } from "./handoff.ts";
import { bytesOf, cutToBytes, tokensOf } from "./tokens.ts";

/** Everything that a context may hold. Every list is in order, the oldest and farthest first. */
export interface ContextSources {
  /** `result.output` of the completed tasks of earlier phases. */
  outputs: readonly unknown[];
  artifacts: TaskContext["artifacts"];
  handoffs: TaskContext["handoffs"];
  /** Why the ticket came back. */
  feedback: readonly string[];
  /** Errors of earlier attempts. */
  errors: readonly string[];
  /** Answers to a `wait`, and notes of people. They go before the notes of tasks. */
  notes: readonly string[];
}

/** The frame of an empty context and its list of cuts take nearly this much, so that no budget is smaller. */
const LEAST_BUDGET_TOKENS = 100;

type Kind =
  | "feedback"
  | "errors"
  | "answers"
  | "handoffs"
  | "decisions"
  | "risks"
  | "artifacts"
  | "summaries"
  | "notes";

/** Who takes room first; of each kind the newest entry. The first four leave three quarters to the others, each of them. */
const BY_WEIGHT: readonly { kind: Kind; share: number }[] = [
  { kind: "feedback", share: 0.25 },
  { kind: "errors", share: 0.25 },
  { kind: "answers", share: 0.25 },
  { kind: "handoffs", share: 0.25 },
  { kind: "decisions", share: 1 },
  { kind: "risks", share: 1 },
  { kind: "artifacts", share: 1 },
  { kind: "summaries", share: 1 },
  { kind: "notes", share: 1 },
];

/**
 * What a task's agent is told of all that went before, within a budget: the whole of it as JSON takes at most `budget_tokens`,
 * a token being four bytes. Texts are cut at the end of a sentence and marked; `cut` counts what is shortened or left out.
 * @param budgetTokens at least 100
 */
export function compileContext(sources: ContextSources, budgetTokens: number): TaskContext {
  const budget = Math.max(LEAST_BUDGET_TOKENS, Math.floor(budgetTokens));
  const all = gather(sources);
  const whole = assemble(all, all, budget);
  if (whole.tokens <= budget) return whole;
  return assemble(all, fit(all, bytesOf(budget) - frameBytes(all, budget)), budget);
}

type Entries = Record<Kind, unknown[]>;

function gather({ outputs, notes, feedback, errors, artifacts, handoffs }: ContextSources): Entries {
  const collected = outputs.map(collectOutput);
  const answers = distinct(notes);
  return {
    feedback: distinct(feedback),
    errors: distinct(errors),
    answers,
    handoffs: distinctHandoffs(handoffs),
    decisions: distinct(collected.flatMap(({ decisions }) => decisions)),
    risks: distinct(collected.flatMap(({ risks }) => risks)),
    artifacts: distinctArtifacts(artifacts),
    summaries: distinct(collected.flatMap(({ summaries }) => summaries)),
    notes: distinct([...answers, ...collected.flatMap((one) => one.notes)]).slice(answers.length),
  };
}

/** A task leaves one handoff, whoever tells of it: the later one counts, as an earlier one may have been shortened. A dependency stays one. */
function distinctHandoffs(handoffs: TaskContext["handoffs"]): TaskContext["handoffs"] {
  const latest = new Map<string, TaskContext["handoffs"][number]>();
  for (const entry of handoffs) {
    const key = entry.from === "attempt" ? JSON.stringify(entry) : entry.task_id;
    const from = latest.get(key)?.from ?? entry.from;
    latest.delete(key);
    latest.set(key, from === "dependency" ? { ...entry, from } : entry);
  }
  return [...latest.values()];
}

function distinctArtifacts(artifacts: TaskContext["artifacts"]): TaskContext["artifacts"] {
  return [...new Map(artifacts.map((artifact) => [JSON.stringify(artifact), artifact])).values()];
}

/** Takes entries, kind by kind and from the newest back, as long as they fit; the first that does not is shortened, and ends its kind. */
function fit(all: Entries, room: number): Entries {
  let left = room;
  const taken = Object.fromEntries(BY_WEIGHT.map(({ kind }) => [kind, [] as unknown[]])) as Entries;
  for (const { kind, share } of BY_WEIGHT) {
    let ownLeft = Math.min(left, Math.floor(room * share));
    for (const entry of [...all[kind]].reverse()) {
      // One byte more for the comma.
      const fitting = shortened(entry, ownLeft - 1);
      if (fitting === undefined) break;
      const bytes = jsonBytes(fitting) + 1;
      taken[kind].unshift(fitting);
      ownLeft -= bytes;
      left -= bytes;
      if (fitting !== entry) break;
    }
  }
  return taken;
}

function shortened(entry: unknown, most: number): unknown {
  if (jsonBytes(entry) <= most) return entry;
  if (typeof entry === "string") return cutToBytes(entry, most);
  if (!isHandoffEntry(entry)) return undefined;
  const empty = { ...entry, handoff: {} };
  const handoff = cutHandoff(entry.handoff, most - jsonBytes(empty) + jsonBytes({}));
  return handoff && { ...entry, handoff };
}

const isHandoffEntry = (entry: unknown): entry is TaskContext["handoffs"][number] =>
  typeof entry === "object" && entry !== null && "handoff" in entry;

function assemble(all: Entries, taken: Entries, budget: number): TaskContext {
  const context = {
    summaries: taken.summaries,
    decisions: taken.decisions,
    risks: taken.risks,
    notes: [...taken.answers, ...taken.notes],
    artifacts: taken.artifacts,
    handoffs: taken.handoffs,
    feedback: taken.feedback,
    errors: taken.errors,
    budget_tokens: budget,
    // Stands for the count while it is counted; the count never has more digits.
    tokens: budget,
    cut: BY_WEIGHT.flatMap(({ kind }) => cutLine(kind, all[kind], taken[kind])),
  } as TaskContext;
  return { ...context, tokens: tokensOf(jsonBytes(context)) };
}

/** "2 of 5 summaries": how many of a kind are shortened or left out. */
function cutLine(kind: Kind, all: readonly unknown[], taken: readonly unknown[]): string[] {
  const known = new Set(all);
  const cut = all.length - taken.filter((entry) => known.has(entry)).length;
  return cut === 0 ? [] : [`${cut} of ${all.length} ${kind}`];
}

/** Bytes of a context without entries, with every line that its list of cuts could need. */
function frameBytes(all: Entries, budget: number): number {
  const nothing = Object.fromEntries(BY_WEIGHT.map(({ kind }) => [kind, [] as unknown[]])) as Entries;
  return jsonBytes(assemble(all, nothing, budget));
}
