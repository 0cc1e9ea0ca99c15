import { systemContext } from "@omoios/kernel/context";
import type { RemediationId } from "@omoios/kernel/ids";
import type { AgentProfileRow } from "../agents/model.ts";
import type { EventDraft, RequestContext } from "../commit.ts";
import { untilSettled } from "../decide.ts";
import { act } from "./act.ts";
import { type Memory, next } from "./ladder.ts";
import { look, recall } from "./look.ts";
import type { RemediationRow } from "./model.ts";
import type { WatchdogParts } from "./parts.ts";
import type { Action } from "./policy.ts";
import { begin, changesOf, type Turn } from "./transitions.ts";
import { rehearsed, turnAfter, turnOf } from "./turns.ts";

/** Moves that one call makes at most: more than any ladder has. */
const MOVES = 40;

/**
 * Takes a remediation as far as it goes now. Each move is one conditional write of its row, and of what is remembered of its target and
 * of the fleet; what it does to agents is done between two of them, by whoever wrote the first. May come twice, late, or beside another.
 * @param came an agent that has just sent its first heartbeat, which lists may not show yet
 */
export async function advance(
  parts: WatchdogParts,
  ctx: RequestContext,
  remediation_id: RemediationId,
  came?: AgentProfileRow,
): Promise<void> {
  for (let moves = 0; moves < MOVES; moves++) {
    const row = await untilSettled(() => move(parts, ctx, remediation_id, came));
    if (row?.status !== "waiting" || (row.due_at ?? ctx.now) > ctx.now) return;
  }
}

/** One move; nothing where there is none to make. */
async function move(
  parts: WatchdogParts,
  from: RequestContext,
  remediation_id: RemediationId,
  came: AgentProfileRow | undefined,
): Promise<RemediationRow | undefined> {
  const row = await parts.store.get("remediation", { remediation_id });
  if (row === undefined || row.status === "ended") return undefined;
  const ctx = actingFor(row, from);
  const [seen, memory] = await Promise.all([look(parts, row, came), recall(parts, row)]);
  const decided = next(row, seen, memory, ctx.now);
  const at = momentOf(parts, ctx);
  if (row.terms.dry_run && decided.do !== "nothing" && decided.do !== "stop")
    return write(parts, ctx, row, memory, rehearsed(row, memory, seen, decided, at));
  if (decided.do === "act" && !decided.under_way) return perform(parts, ctx, row, memory, decided.action);
  const turn = turnOf(row, memory, decided as Parameters<typeof turnOf>[2], at);
  return turn === undefined ? undefined : write(parts, ctx, row, memory, turn);
}

/** The watchdog acts in the name of its policy, within the story of the cause. */
function actingFor({ cause, policy, terms }: RemediationRow, { now, random }: RequestContext): RequestContext {
  return {
    ...systemContext("watchdog", now, random, {
      correlation_id: cause.correlation_id,
      ...(cause.event_id === undefined ? {} : { causation_id: cause.event_id }),
      ...(cause.traceparent === undefined ? {} : { traceparent: cause.traceparent }),
    }),
    actor: { kind: "system", id: `watchdog:${policy}`, authority: terms.authority },
  };
}

/** The step is begun, done, and what came of it is written. Of several who would, the first write decides who does it. */
async function perform(
  parts: WatchdogParts,
  ctx: RequestContext,
  before: RemediationRow,
  memory: Memory,
  action: Action,
): Promise<RemediationRow | undefined> {
  const row = await write(parts, ctx, before, memory, begin(before, action, memory, ctx.now));
  const done = await act(parts, ctx, row, action);
  return untilSettled(async () => {
    const [mine, line] = await Promise.all([
      parts.store.get("remediation", { remediation_id: row.remediation_id }),
      parts.store.get("remediation_line", { line: row.line }),
    ]);
    // It took too long, and another has begun the step anew: what came of it is his to say.
    if (mine?.version !== row.version) return undefined;
    const known = { ...memory, line };
    return write(parts, ctx, row, known, turnAfter(row, known, action, done, momentOf(parts, ctx)));
  });
}

export const momentOf = ({ limits }: WatchdogParts, { now }: RequestContext) => ({
  now,
  days: limits.retention_days.alerts,
});

/** Whoever a case is handed on to must know what became of its agent, and what it served. */
async function withAgent({ store }: WatchdogParts, turn: Turn): Promise<Turn> {
  const { agent_id } = turn.row;
  if (agent_id === undefined || !turn.events.some(isEscalation)) return turn;
  const [agent, profile] = await Promise.all([
    store.get("agent", { agent_id }),
    store.get("agent_profile", { agent_id }),
  ]);
  const events = turn.events.map((event) =>
    isEscalation(event) ? { ...event, data: { ...event.data, agent_status: agent?.status } } : event,
  );
  return { ...turn, row: { ...turn.row, phase_id: profile?.phase_ids[0] }, events };
}

const isEscalation = ({ type }: EventDraft) => type === "watchdog.escalation";

/** Throws `Stale` where somebody was faster. */
async function write(
  parts: WatchdogParts,
  ctx: RequestContext,
  before: RemediationRow,
  memory: Memory,
  turn: Turn,
): Promise<RemediationRow> {
  const [row] = await parts.commit(ctx, changesOf(before, memory, await withAgent(parts, turn)));
  const { remediation_id: id, due_at } = row as RemediationRow;
  const due = [{ id, due_at }, ...(turn.next ? [{ id: turn.next.remediation_id, due_at: turn.next.due_at }] : [])];
  const later = due.flatMap(({ id, due_at }) =>
    due_at !== undefined && due_at > ctx.now ? [{ kind: "remediation" as const, id, due_at }] : [],
  );
  if (later.length > 0) await parts.timers.set(later, ctx.now);
  return row as RemediationRow;
}
