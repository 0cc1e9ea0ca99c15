import type { TicketParts } from "./parts.ts";
import { knownPlaceOf } from "./reads.ts";

/** Open tickets that are looked at, the newest first: a start waits for no more. */
const MOST_LOOKED_AT = 10_000;
const PAGE = 100;

interface Displaced {
  workflow: string;
  /** The phase that the workflow lacks; absent where the workflow is gone as a whole. */
  phase_id?: string;
  tickets: number;
}

/** Which workflows and phases open tickets stand in that are configured no more, and whether there are tickets that were not looked at. */
export async function displacedTickets(
  parts: Pick<TicketParts, "store" | "workflows">,
): Promise<{ displaced: Displaced[]; more: boolean }> {
  const found = new Map<string, Displaced>();
  let cursor: string | undefined;
  for (let looked_at = 0; looked_at < MOST_LOOKED_AT; looked_at += PAGE) {
    const page = await parts.store.list("ticket", "tickets#open", { limit: PAGE, cursor, newest_first: true });
    for (const ticket of page.rows.filter((row) => knownPlaceOf(parts, row) === undefined)) {
      const { workflow, phase_id } = ticket;
      const place = parts.workflows.has(workflow) ? { workflow, phase_id } : { workflow };
      const name = JSON.stringify(place);
      found.set(name, { ...place, tickets: (found.get(name)?.tickets ?? 0) + 1 });
    }
    cursor = page.cursor;
    if (cursor === undefined) return { displaced: [...found.values()], more: false };
  }
  return { displaced: [...found.values()], more: true };
}
