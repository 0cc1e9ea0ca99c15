import type { ArtifactInput } from "@omoios/contracts/shapes/artifact";
import type { NewTask } from "@omoios/contracts/shapes/new-task";
import type { patchTicket, transition, updateContext } from "@omoios/contracts/shapes/ticket";
import type { TaskId, TicketId } from "@omoios/kernel/ids";
import { hasAuthority } from "@omoios/kernel/principal";
import { Problem } from "@omoios/kernel/problem";
import type * as z from "zod";
import type { Change, RequestContext } from "../commit.ts";
import { untilSettled } from "../decide.ts";
import type { TaskRow } from "../tasks/model.ts";
import { addTasks } from "./add-tasks.ts";
import { advance, gateRow, judge } from "./advance.ts";
import { blocksByHand } from "./block-by-hand.ts";
import { notBlocked } from "./blocking.ts";
import { recheckBlock } from "./blocking-service.ts";
import { briefChange, compileBrief, contextOf } from "./brief.ts";
import type { CancelTask } from "./cancel-task.ts";
import { changeTicket } from "./change-ticket.ts";
import { dependenciesOf, draftsOf } from "./drafts.ts";
import { ticketIsDue } from "./due.ts";
import { enterPhase, generateFor, prepareVisit } from "./enter.ts";
import { artifactChanges, mustCount } from "./evidence.ts";
import { inTasks, type PlaceOf } from "./judge-tasks.ts";
import { noticeStuckDependencies } from "./lost-dependencies.ts";
import type { ArtifactRow, GateRow, TicketRow } from "./model.ts";
import { moveTo, unblocked } from "./move.ts";
import { openTicket } from "./open-ticket.ts";
import type { TicketParts } from "./parts.ts";
import { mustBeOpen, openTicketOf, placeOf, ticketOf } from "./reads.ts";
import { endRemediation } from "./remediation.ts";
import { allowedTargets, checkTransition } from "./transitions.ts";

/** The verbs of the tickets room. */
export function ticketVerbs(parts: TicketParts, cancelTask: CancelTask) {
  const { limits } = parts;

  return {
    open: (ctx: RequestContext, given: Parameters<typeof openTicket>[2]) => openTicket(parts, ctx, given),

    async edit(
      ctx: RequestContext,
      ticket_id: string,
      given: z.output<ReturnType<typeof patchTicket>>,
      if_match: number | undefined,
    ): Promise<TicketRow> {
      return untilSettled(async () => {
        const before = await ticketOf(parts, ticket_id);
        if (if_match !== undefined && if_match !== before.version) {
          throw new Problem("request.precondition_failed", { extra: { current_version: before.version } });
        }
        const { description, external_ref, project, ...fields } = given;
        const after: TicketRow = { ...before, ...defined(fields), updated_at: ctx.now };
        if (external_ref !== undefined) after.external_ref = external_ref ?? undefined;
        if (project !== undefined) after.project = project ?? undefined;
        const event = { type: "ticket.updated" as const, data: { fields: Object.keys(given).join(",") } };
        const changes: Change[] = [{ kind: "ticket", before, after, events: [event] }];
        changes.push(briefChange(after, await parts.store.get("brief", { ticket_id: before.ticket_id })));
        const body = await parts.store.get("ticket_body", { ticket_id: before.ticket_id });
        if (description !== undefined && body !== undefined)
          changes.push({
            kind: "ticket_body",
            before: body,
            after: { ...body, description: description ?? undefined },
          });
        const [row] = await parts.commit(ctx, changes);
        return row as TicketRow;
      });
    },

    async transition(
      ctx: RequestContext,
      ticket_id: string,
      { to_phase, reason, force = false }: z.output<ReturnType<typeof transition>>,
    ): Promise<TicketRow> {
      if (force && !hasAuthority(ctx.actor, "GUARDIAN")) {
        throw new Problem("auth.authority_too_low", {
          detail: `force needs authority GUARDIAN; yours is ${ctx.actor.authority}.`,
        });
      }
      return changeTicket(parts, ctx, ticket_id, async (before) => {
        const { workflow, phase } = placeOf(parts, before);
        const check = checkTransition(workflow, phase, to_phase);
        if (!check.allowed) {
          const extra = { allowed: check.allowed_targets };
          if (!check.unknown) throw new Problem("ticket.transition_refused", { detail: check.why, extra });
          throw new Problem("ticket.phase_unknown", {
            detail: check.why,
            errors: [{ path: "/to_phase", message: check.why }],
            extra,
          });
        }
        const evidence: string[] = [];
        if (check.direction === "forward" && phase.gate !== undefined && !force) {
          const judged = await judge(parts, before);
          if (judged.verdict !== "passed") {
            const detail = `The gate of ${phase.id} says ${judged.verdict}.`;
            const allowed = allowedTargets(workflow, phase).map(({ id }) => id);
            const extra = { allowed, verdict: judged.verdict, blocking_reasons: judged.blocking_reasons };
            throw new Problem("ticket.transition_refused", { detail, extra });
          }
          evidence.push(...judged.evidence.map((artifact) => `${artifact.artifact_id}#${artifact.revision}`));
        }
        return moveTo(before, workflow, check.to, { why: reason, who: ctx.actor.id, forced: force, evidence }, ctx);
      });
    },

    ...blocksByHand(parts),

    cancel: (ctx: RequestContext, ticket_id: string, reason: string) =>
      changeTicket(parts, ctx, ticket_id, async (before) => ({
        after: {
          ...before,
          status: "cancelled",
          cancel_reason: reason,
          completed_at: ctx.now,
          ...notBlocked,
          due_at: ctx.now + 60_000,
        },
        events: [...unblocked(before), { type: "ticket.cancelled" }],
      })),

    async addTasks(ctx: RequestContext, ticket_id: string, tasks: readonly NewTask[], at: PlaceOf = inTasks) {
      const ticket = await openTicketOf(parts, ticket_id);
      const { workflow } = placeOf(parts, ticket);
      const { drafts, refs } = await draftsOf(parts, ctx, tasks, { workflow, phase_id: ticket.phase_id, at });
      const named = drafts.map(({ task_id }, index) => ({ ref: refs[index] ?? null, task_id }));
      const receive = async () => {
        const before = await openTicketOf(parts, ticket_id);
        return { before, after: before };
      };
      await addTasks(parts, ctx, drafts, receive, JSON.stringify(named));
      await noticeStuckDependencies(parts, ctx, dependenciesOf(drafts));
      return named;
    },

    async generate(ctx: RequestContext, ticket_id: string, phase_id: string | undefined) {
      const ticket = await openTicketOf(parts, ticket_id);
      const { workflow, phase } = placeOf(parts, ticket);
      if (phase_id !== undefined && phase_id !== phase.id) {
        const message = `The ticket stands in ${phase.id}; only its own phase's tasks can be made.`;
        const known = workflow.phases.some(({ id }) => id === phase_id);
        throw new Problem(known ? "ticket.other_phase" : "ticket.phase_unknown", {
          detail: message,
          errors: [{ path: "/phase_id", message }],
          extra: { allowed: [phase.id], workflow: workflow.id },
        });
      }
      if (phase.task_templates.length === 0)
        throw new Problem("ticket.no_templates", { detail: `${phase.id} has no templates.` });
      if (ticket.generated_visit < ticket.visit) await prepareVisit(parts, ctx, ticket, cancelTask);
      return generateFor(parts, ctx, ticket.ticket_id, ticket.visit, `${ticket.ticket_id}#${ticket.visit}`);
    },

    async artifacts(
      ctx: RequestContext,
      ticket_id: string,
      artifacts: readonly ArtifactInput[],
      task_id?: TaskId,
      held?: TaskRow,
    ): Promise<ArtifactRow[]> {
      return untilSettled(async () => {
        const ticket = await ticketOf(parts, ticket_id);
        if (held !== undefined) await mustCount(parts, ticket, held);
        const { changes, rows } = await artifactChanges(parts, ctx, ticket, artifacts, task_id);
        await parts.commit(ctx, changes, {
          made: rows.map((row) => `${row.ticket_id}|${row.type}|${row.path_hash}`).join("\n"),
        });
        return rows;
      });
    },

    /** The verdict as it is now, judged on what is there. Nothing is written. */
    async gate(ctx: RequestContext, ticket_id: string): Promise<GateRow> {
      const ticket = await ticketOf(parts, ticket_id);
      const stored =
        ticket.status === "open" ? undefined : await parts.store.get("gate", { ticket_id: ticket.ticket_id });
      return stored ?? gateRow(await judge(parts, ticket), ctx);
    },

    async validateGate(ctx: RequestContext, ticket_id: string): Promise<GateRow> {
      const ticket = await ticketOf(parts, ticket_id);
      mustBeOpen(ticket);
      return (
        (await advance(parts, ctx, ticket.ticket_id, { made: ticket_id })) ?? gateRow(await judge(parts, ticket), ctx)
      );
    },

    context: async (ticket_id: string, budget_tokens = limits.context_budget_tokens) =>
      contextOf(parts, await ticketOf(parts, ticket_id), budget_tokens),

    async updateContext(
      ctx: RequestContext,
      ticket_id: string,
      { notes = [], decisions = [], risks = [] }: z.output<ReturnType<typeof updateContext>>,
    ) {
      const ticket = await openTicketOf(parts, ticket_id);
      if (notes.length + decisions.length + risks.length > 0) {
        const at = `${String(ctx.now).padStart(14, "0")}#${Math.floor(ctx.random() * 1e9)}`;
        const after = { version: 0, ticket_id: ticket.ticket_id, at, notes, decisions, risks, who: ctx.actor.id };
        await parts.commit(ctx, [{ kind: "ticket_note", after }], { made: ticket_id });
      }
      return compileBrief(parts, ctx, ticket);
    },

    advance: (ctx: RequestContext, ticket_id: TicketId) => advance(parts, ctx, ticket_id),

    /** The ticket's block is over: what was to be done about it is not wanted any more, and its gate may pass. */
    async unblocked(ctx: RequestContext, ticket_id: TicketId): Promise<void> {
      const ticket = await parts.store.get("ticket", { ticket_id });
      if (ticket === undefined) return;
      await endRemediation(parts, ctx, ticket, cancelTask);
      await advance(parts, ctx, ticket_id, { known: ticket });
    },

    /** A task of the ticket ended: its gate may pass, its block be over. One that is blocked in this moment is looked at again when it is due. */
    async taskEnded(ctx: RequestContext, ticket_id: TicketId): Promise<void> {
      const known = await parts.store.get("ticket", { ticket_id });
      if (known === undefined) return;
      await advance(parts, ctx, ticket_id, { known });
      if (known.is_blocked) await recheckBlock(parts, ctx, ticket_id);
    },

    enterPhase: (ctx: RequestContext, ticket_id: TicketId) => enterPhase(parts, ctx, ticket_id, cancelTask),
    isDue: (ctx: RequestContext, ticket_id: TicketId) => ticketIsDue(parts, ctx, ticket_id, cancelTask),
  };
}

function defined<T extends object>(given: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };
}
