import type { TaskId } from "@omoios/kernel/ids";
import { Problem } from "@omoios/kernel/problem";
import type { FleetAgent } from "../../agents/fleet.ts";
import type { RequestContext } from "../../commit.ts";
import { unlessStale } from "../../decide.ts";
import { inTurn } from "../../in-turn.ts";
import { NEW_WATCH, type WatchOutcome, watchAgent } from "../agent-anomaly.ts";
import { type AgentBaseline, NEW_BASELINE } from "../agent-baseline.ts";
import type { Measurement } from "../figures/measurement.ts";
import { type AgentBook, NOTE_PAGES, type NotePage, pageOfAgent } from "./book.ts";
import { type AgentNote, seenOf, takeReading } from "./take-reading.ts";

export interface ScoreParts {
  book: AgentBook;
  /** How many tasks wait for these: a request for each. */
  dependentsOf(task_ids: readonly TaskId[]): Promise<number>;
  /** Keeps an agent from work and asks for another one. */
  quarantine(ctx: RequestContext, agent_id: string, reason: string): Promise<void>;
}

/** Held tasks whose dependents are counted in a minute: each costs a request. Of a fleet that holds more, they stand for the rest. */
const COUNTED = 1_000;

/**
 * Takes a reading of each agent that ended tasks since the last one, and gives the scores. An agent that was strange three times in a row
 * goes into quarantine. The page of its note decides of two sweeps side by side: who loses has taken no reading.
 */
export async function scoreFleet(
  parts: ScoreParts,
  ctx: RequestContext,
  fleet: readonly FleetAgent[],
): Promise<Measurement[]> {
  if (fleet.length === 0) return [];
  const { pages, usual } = await parts.book.read();
  const pageOf = new Map(pages.map((page) => [page.n, page]));
  const baselines: Record<string, AgentBaseline> = { ...usual.baselines };
  const scores: Measurement[] = [];
  const share = shareOf(parts, fleet);
  for (let n = 0; n < NOTE_PAGES; n++) {
    const own = fleet.filter(({ agent }) => pageOfAgent(agent.agent_id) === n);
    const before = pageOf.get(n) ?? { n, notes: {}, version: 0 };
    const learned = { ...baselines };
    const { notes, outcomes } = await readPage(before, own, learned, share);
    if (!(await saved(parts.book, before, notes))) continue;
    Object.assign(baselines, learned);
    for (const [agent_id, { score }] of outcomes)
      scores.push({ metric: "agent.anomaly_score", labels: { agent_id }, value: score });
    const strange = [...outcomes].filter(([, { verdict }]) => verdict === "quarantine");
    await inTurn(strange, ([agent_id, outcome]) => isolate(parts, ctx, agent_id, outcome));
  }
  if (scores.length > 0) await unlessStale(() => parts.book.saveBaselines({ ...usual, baselines }));
  return scores;
}

type Share = (of: FleetAgent) => Promise<number>;

async function readPage(
  { notes: before }: NotePage,
  own: readonly FleetAgent[],
  baselines: Record<string, AgentBaseline>,
  share: Share,
) {
  const notes: Record<string, AgentNote> = {};
  const outcomes = new Map<string, WatchOutcome>();
  for (const each of own) {
    const { agent_id, agent_type } = each.agent;
    const note = before[agent_id];
    notes[agent_id] = note ?? { watch: NEW_WATCH, seen: seenOf(each) };
    const taken = note && takeReading(each, note.seen);
    if (note === undefined || taken === undefined) continue;
    const { phase_id, ...reading } = taken;
    const kind = `${agent_type}#${phase_id}`;
    const baseline = baselines[kind] ?? NEW_BASELINE;
    const outcome = watchAgent(note.watch, baseline, { ...reading, queue_share: await share(each) });
    notes[agent_id] = { watch: outcome.watch, seen: seenOf(each) };
    baselines[kind] = outcome.baseline;
    outcomes.set(agent_id, outcome);
  }
  return { notes, outcomes };
}

/**
 * The share of the tasks that wait for what agents hold which wait for this one's. What all hold is counted once, and only where a task
 * waits for an agent that gives a reading.
 */
function shareOf({ dependentsOf }: ScoreParts, fleet: readonly FleetAgent[]): Share {
  const held = ({ agent }: FleetAgent) => Object.values(agent.slots).map(({ task_id }) => task_id);
  let total: Promise<number> | undefined;
  const countAll = async () => {
    const all = fleet.flatMap(held);
    return (await dependentsOf(all.slice(0, COUNTED))) * Math.max(1, all.length / COUNTED);
  };
  return async (of) => {
    const mine = await dependentsOf(held(of));
    if (mine === 0) return 0;
    total ??= countAll();
    return mine / Math.max(mine, await total);
  };
}

/** Whether this sweep's readings count. A page of which nothing is new is not written. */
async function saved(book: AgentBook, page: NotePage, notes: NotePage["notes"]): Promise<boolean> {
  if (JSON.stringify(page.notes) === JSON.stringify(notes)) return true;
  return unlessStale(() => book.savePage({ ...page, notes }));
}

/** An agent that has ended or is in quarantine already is left as it is. */
async function isolate(
  { quarantine }: ScoreParts,
  ctx: RequestContext,
  agent_id: string,
  { score, watch }: WatchOutcome,
) {
  const reason = `anomaly score ${score.toFixed(2)}, ${watch.anomalous} readings in a row`;
  try {
    await quarantine(ctx, agent_id, reason);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
  }
}
