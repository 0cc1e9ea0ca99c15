import type { TicketId } from "@omoios/kernel/ids";
import type { Change, EventDraft, RequestContext } from "../commit.ts";
import { same } from "../config/same.ts";
import { untilSettled } from "../decide.ts";
import { type Judgement, judgeGate } from "./gate.ts";
import { generateTasks } from "./generate.ts";
import type { ArtifactRow, GateRow, TicketRow } from "./model.ts";
import { moveTo } from "./move.ts";
import type { TicketParts } from "./parts.ts";
import { knownPlaceOf, placeOf } from "./reads.ts";
import { isWorking, movesByItself, nextPhase } from "./transitions.ts";
import { visitOf } from "./visits.ts";
import type { Phase } from "./workflow.ts";

/** A gate's verdict with what it was judged on. */
export interface Judged extends Judgement {
  ticket: TicketRow;
  evidence: ArtifactRow[];
}

/** Judges the gate of the ticket's phase on what was handed in during this visit. Nothing is written. */
export async function judge(parts: TicketParts, ticket: TicketRow): Promise<Judged> {
  const { phase } = placeOf(parts, ticket);
  const open = await parts.store.all("open_task", { ticket_id: ticket.ticket_id, phase_id: phase.id });
  const failed = (
    await parts.store.getMany(
      "task",
      open.map(({ task_id }) => ({ task_id })),
    )
  ).filter(({ status }) => status === "failed").length;
  const measured = phase.gate?.criteria.some(({ measure }) => measure !== undefined) ?? false;
  const unread = measured ? [] : (["content"] as const);
  const evidence = (await parts.store.all("artifact", { ticket_id: ticket.ticket_id }, { without: unread }))
    .filter(({ visit }) => visit === ticket.visit)
    .sort((a, b) => a.created_at - b.created_at);
  // Templates that have not made their tasks yet hold the gate like an open task.
  const unmade = ticket.generated_visit < ticket.visit && phase.task_templates.length > 0 ? 1 : 0;
  const total = Math.max(ticket.visit_tasks, open.length) + unmade;
  const tasks = { total, completed: total - open.length - unmade, failed };
  const seen = evidence.map(({ type, content = null, metadata }) => ({ type, content, metadata }));
  return { ticket, evidence, ...judgeGate(phase.gate, seen, tasks) };
}

/**
 * Judges the gate and keeps the verdict; a passed one moves the ticket to the next phase, once: verdict, move and events are one write
 * under the ticket's version, which every task and artifact raises.
 * @param made what a request with this idempotency key reads again: it is judged in any case
 * @param known the ticket, where it was read just now
 */
export async function advance(
  parts: TicketParts,
  ctx: RequestContext,
  ticket_id: TicketId,
  { made, known }: { made?: string; known?: TicketRow } = {},
): Promise<GateRow | undefined> {
  let read = known;
  return untilSettled(async () => {
    const ticket = read ?? (await parts.store.get("ticket", { ticket_id }));
    read = undefined;
    if (ticket === undefined || ticket.status !== "open") return undefined;
    const place = knownPlaceOf(parts, ticket);
    if (place === undefined || !isWorking(place.phase)) return undefined;
    const { workflow, phase } = place;
    if (made === undefined && (await stillWaits(parts, ticket))) return undefined;
    const judged = await judge(parts, ticket);
    const gate = gateRow(judged, ctx);
    // A move in the same write changes phase and visit; the verdict is about the ones that were judged.
    const about = { verdict: judged.verdict, phase_id: ticket.phase_id, visit: ticket.visit };
    const events: EventDraft[] =
      judged.verdict === ticket.verdict ? [] : [{ type: "ticket.gate_evaluated", data: about }];
    const stored: Change = { kind: "gate", after: gate, overwrite: true };
    const goesOn = judged.verdict === "passed" && movesByItself(phase);
    const next = goesOn ? await phaseAfter(parts, ticket) : undefined;
    if (next !== undefined) {
      const evidence = judged.evidence.map(({ artifact_id, revision }) => `${artifact_id}#${revision}`);
      const move = moveTo(
        { ...ticket, verdict: "passed" },
        workflow,
        next,
        { why: "gate passed", who: ctx.actor.id, forced: false, evidence },
        ctx,
      );
      await parts.commit(
        ctx,
        [
          { kind: "ticket", before: ticket, after: move.after, events: [...events, ...move.events] },
          stored,
          ...move.more,
        ],
        made === undefined ? {} : { made },
      );
    } else if (events.length > 0 || made !== undefined || (await isStale(parts, gate))) {
      const after = { ...ticket, verdict: judged.verdict };
      await parts.commit(
        ctx,
        [{ kind: "ticket", before: ticket, after, events }, stored],
        made === undefined ? {} : { made },
      );
    }
    return gate;
  });
}

/**
 * Whether it is known to wait for tasks, and does: then nothing else counts, and the end of one of hundreds of tasks need not look at
 * all the others. Whoever asks for the gate of an open ticket has it judged anew, so the reasons kept with the verdict may be older.
 */
async function stillWaits({ store }: TicketParts, { ticket_id, phase_id, verdict }: TicketRow): Promise<boolean> {
  if (verdict !== "waiting_tasks") return false;
  return (await store.page("open_task", { ticket_id, phase_id }, { limit: 1 })).rows.length > 0;
}

async function phaseAfter(parts: TicketParts, ticket: TicketRow): Promise<Phase | undefined> {
  const { workflow, phase } = placeOf(parts, ticket);
  const visit = await visitOf(parts, ticket);
  return nextPhase(workflow, phase, (ahead) => generateTasks(ahead, visit).length > 0);
}

export function gateRow({ ticket, verdict, blocking_reasons }: Judged, ctx: RequestContext): GateRow {
  return {
    version: 0,
    ticket_id: ticket.ticket_id,
    phase_id: ticket.phase_id,
    visit: ticket.visit,
    verdict,
    blocking_reasons,
    evidence_version: ticket.evidence_version,
    evaluated_at: ctx.now,
  };
}

async function isStale({ store }: TicketParts, gate: GateRow): Promise<boolean> {
  const stored = await store.get("gate", { ticket_id: gate.ticket_id });
  return (
    stored === undefined ||
    stored.visit !== gate.visit ||
    // The table gives maps back with their keys in an order of its own.
    !same(stored.blocking_reasons, gate.blocking_reasons)
  );
}
