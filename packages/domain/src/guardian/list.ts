import type { RouteInput, RouteReply } from "@omoios/contracts/routes";
import { shelf, thinnedList } from "../thinned-list.ts";
import type { InterventionRow } from "./model.ts";
import type { GuardianParts } from "./parts.ts";
import { interventionView } from "./view.ts";

type Filter = RouteInput<"listInterventions">["query"];

/** The guardian's actions, newest first. */
export async function interventionsMatching(
  { store }: Pick<GuardianParts, "store">,
  query: Filter,
): Promise<RouteReply<"listInterventions">> {
  const wanted = (row: InterventionRow) => (passes(row, query) ? row : undefined);
  const { rows, cursor } = await thinnedList([shelf(store, "intervention", "interventions", wanted)], query);
  return { items: rows.map(interventionView), next_cursor: cursor ?? null };
}

function passes(row: InterventionRow, { action, target, status, policy }: Filter): boolean {
  return (
    (action === undefined || row.action === action) &&
    (target === undefined || row.target.id === target) &&
    (status === undefined || row.status === status) &&
    (policy === undefined || row.policy === policy)
  );
}
