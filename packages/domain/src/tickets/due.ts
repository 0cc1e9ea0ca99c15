import type { TicketId } from "@omoios/kernel/ids";
import type { RequestContext } from "../commit.ts";
import { untilSettled } from "../decide.ts";
import { advance } from "./advance.ts";
import { detectStall, recheckBlock } from "./blocking-service.ts";
import type { CancelTask } from "./cancel-task.ts";
import { enterPhase } from "./enter.ts";
import type { TicketParts } from "./parts.ts";
import { endRemediation } from "./remediation.ts";

/** A moment that the ticket waited for has come: its tasks, its gate and its progress are looked at. */
export async function ticketIsDue(
  parts: TicketParts,
  ctx: RequestContext,
  ticket_id: TicketId,
  cancel: CancelTask,
): Promise<void> {
  const ticket = await parts.store.get("ticket", { ticket_id });
  if (ticket?.due_at === undefined || ticket.due_at > ctx.now) return;
  await enterPhase(parts, ctx, ticket_id, cancel);
  await advance(parts, ctx, ticket_id);
  await recheckBlock(parts, ctx, ticket_id);
  await endRemediation(parts, ctx, ticket, cancel);
  await lookAgain(parts, ctx, ticket_id);
}

/** Sets when a ticket that is still due is looked at next: when it would count as blocked, if it can. */
async function lookAgain(parts: TicketParts, ctx: RequestContext, ticket_id: TicketId): Promise<void> {
  await untilSettled(async () => {
    const before = await parts.store.get("ticket", { ticket_id });
    if (before?.due_at === undefined || before.due_at > ctx.now || before.status !== "open") return;
    const stalls_at = await detectStall(parts, ctx, before);
    // A ticket that cannot stall waits for nothing more. One that was blocked just now has changed, and has a moment of its own.
    const due_at = stalls_at === undefined ? undefined : Math.max(stalls_at, ctx.now + 60_000);
    await parts.commit(ctx, [{ kind: "ticket", before, after: { ...before, due_at } }]);
  });
}
