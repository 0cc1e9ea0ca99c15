import type { Change, RequestContext } from "../commit.ts";
import { untilSettled } from "../decide.ts";
import type { TicketRow } from "./model.ts";
import type { TicketParts } from "./parts.ts";
import { openTicketOf } from "./reads.ts";

/** Loads an open ticket, lets the change be decided, and commits it with what goes along. Throws `ticket.closed`. */
export function changeTicket(
  parts: Pick<TicketParts, "store" | "commit">,
  ctx: RequestContext,
  ticket_id: string,
  decide: (before: TicketRow) => Promise<{ after: TicketRow; events: Change["events"]; more?: Change[] }>,
): Promise<TicketRow> {
  return untilSettled(async () => {
    const before = await openTicketOf(parts, ticket_id);
    const { after, events = [], more = [] } = await decide(before);
    const [row] = await parts.commit(
      ctx,
      [{ kind: "ticket", before, after: { ...after, updated_at: ctx.now }, events }, ...more],
      { made: ticket_id },
    );
    return row as TicketRow;
  });
}
