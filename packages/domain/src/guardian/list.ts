import type { RouteInput, RouteReply } from "@omoios/contracts/routes";
import type { InterventionRow } from "./model.ts";
import type { GuardianParts } from "./parts.ts";
import { interventionView } from "./view.ts";

type Filter = RouteInput<"listInterventions">["query"];

/** Rows that one call looks at for a page that a filter thins; the cursor goes on from there. */
const LOOKED_AT = 1_000;

/** The guardian's actions, newest first. */
export async function interventionsMatching(
  { store }: Pick<GuardianParts, "store">,
  { limit, cursor: from, ...filter }: Filter,
): Promise<RouteReply<"listInterventions">> {
  const found: InterventionRow[] = [];
  let cursor = from;
  let looked = 0;
  do {
    const page = await store.list("intervention", "interventions", {
      limit: limit - found.length,
      cursor,
      newest_first: true,
    });
    found.push(...page.rows.filter((row) => passes(row, filter)));
    looked += Math.max(1, page.rows.length);
    cursor = page.cursor;
  } while (cursor !== undefined && found.length < limit && looked < LOOKED_AT);
  return { items: found.map(interventionView), next_cursor: cursor ?? null };
}

function passes(row: InterventionRow, { action, target, status, policy }: Omit<Filter, "limit" | "cursor">): boolean {
  return (
    (action === undefined || row.action === action) &&
    (target === undefined || row.target.id === target) &&
    (status === undefined || row.status === status) &&
    (policy === undefined || row.policy === policy)
  );
}
