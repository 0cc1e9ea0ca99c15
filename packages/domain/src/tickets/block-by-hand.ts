import { Problem } from "@omoios/kernel/problem";
import type { RequestContext } from "../commit.ts";
import { blockedRow, classOfBlock, unblockedRow } from "./blocking-service.ts";
import { changeTicket } from "./change-ticket.ts";
import type { TicketRow } from "./model.ts";
import type { TicketParts } from "./parts.ts";
import { makeRemediation } from "./remediation.ts";

/** An operator's word that a ticket cannot go on, and that it can. */
export function blocksByHand(parts: TicketParts) {
  return {
    /** Its class is what it would be blocked for now. Like every block it has one remediation task. Throws `ticket.already_blocked`. */
    async block(ctx: RequestContext, ticket_id: string, reason: string): Promise<TicketRow> {
      const blocked = await changeTicket(parts, ctx, ticket_id, async (before) => {
        if (before.is_blocked)
          throw new Problem("ticket.already_blocked", { detail: `${ticket_id}: ${before.blocked_reason}` });
        const after = blockedRow(before, { ...(await classOfBlock(parts, before)), reason }, ctx.now);
        return { after: { ...after, blocked_by_hand: true }, events: [{ type: "ticket.blocked" }] };
      });
      return makeRemediation(parts, ctx, blocked);
    },

    /** Throws `ticket.not_blocked`. */
    unblock: (ctx: RequestContext, ticket_id: string, reason: string): Promise<TicketRow> =>
      changeTicket(parts, ctx, ticket_id, async (before) => {
        if (!before.is_blocked) throw new Problem("ticket.not_blocked", { detail: `${ticket_id} is not blocked.` });
        const after = unblockedRow(before, ctx.now, parts.limits.blocked_after_seconds);
        return { after, events: [{ type: "ticket.unblocked", data: { reason }, fits: "reason" }] };
      }),
  };
}
